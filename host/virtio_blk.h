/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VIRTIO_BLK_H
#define HOST_VIRTIO_BLK_H

#include "disk.h"
#include "vm.h"

/* Opens the image; what is wrong with it is one line and the end. */
void virtio_blk_add(struct vm *vm, const struct disk_options *opts);

#endif /* HOST_VIRTIO_BLK_H */
