/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VIRTIO_VSOCK_H
#define HOST_VIRTIO_VSOCK_H

#include "vm.h"

#define VSOCK_CID_MIN	3		/* those below have a meaning */
#define VSOCK_CID_MAX	4294967294UL
#define VSOCK_CID_ANY	4294967295U	/* the first that is free */

/* Returns the CID.  A mistake is the end. */
u32 virtio_vsock_add(struct vm *vm, u32 cid);

#endif /* HOST_VIRTIO_VSOCK_H */
