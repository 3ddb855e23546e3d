/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VIRTIO_RNG_H
#define HOST_VIRTIO_RNG_H

#include "vm.h"

/* Random numbers, /dev/hwrng; at most one. */
void virtio_rng_add(struct vm *vm);

#endif /* HOST_VIRTIO_RNG_H */
