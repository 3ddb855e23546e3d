/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VIRTIO_BALLOON_H
#define HOST_VIRTIO_BALLOON_H

#include "vm.h"

/* --balloon: the guest's free memory goes back to the host; at most one. */
void virtio_balloon_add(struct vm *vm);

#endif /* HOST_VIRTIO_BALLOON_H */
