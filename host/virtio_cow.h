/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VIRTIO_COW_H
#define HOST_VIRTIO_COW_H

#include "disk.h"
#include "vm.h"

/* A disk with a backing file; what is wrong is one line and the end. */
void virtio_cow_add(struct vm *vm, const struct disk_options *opts);

#endif /* HOST_VIRTIO_COW_H */
