/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VIRTIO_FS_H
#define HOST_VIRTIO_FS_H

#include <linux/virtio_fs.h>

#include "vm.h"

#define DIRS_MAX	4
#define DIR_TAG_MAX	sizeof(((struct virtio_fs_config *)0)->tag)

/* A directory of the host, as the command line asks for it. */
struct dir_options {
	const char *tag;	/* its name in the guest, at most DIR_TAG_MAX */
	const char *path;	/* without a comma */
	bool read_only;
};

/* Starts virtiofsd; what is wrong is one line and the end. */
void virtio_fs_add(struct vm *vm, const struct dir_options *opts);

#endif /* HOST_VIRTIO_FS_H */
