/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver's side of virtqueues for bare guests: no interrupts, no event
 * index, one buffer a descriptor, and the rings open for whoever wants to put
 * something wrong into them.
 */
#ifndef TESTS_HOST_GUEST_VQ_H
#define TESTS_HOST_GUEST_VQ_H

#include <linux/virtio_ring.h>

#include "guest.h"

#define VQ_SIZE		16
#define VQ_BUFFER	256

struct vq {
	_Alignas(16) struct vring_desc desc[VQ_SIZE];
	struct {
		__u16 flags;
		__u16 idx;
		__u16 ring[VQ_SIZE];
		__u16 used_event;
	} avail;
	struct {
		_Alignas(4) __u16 flags;
		__u16 idx;
		struct vring_used_elem ring[VQ_SIZE];
		__u16 avail_event;
	} used;
	__u8 buffer[VQ_SIZE][VQ_BUFFER];
	__u16 seen;
	__u32 doorbell;
};

enum { RX0, TX0, RX_CONTROL, TX_CONTROL, RX1, TX1, NR_QUEUES };

extern struct vq vqs[NR_QUEUES];

/* Resets device 0, accepts @features and starts all its queues. */
int vq_start(__u64 features);

/* Offers buffer @slot: for writing by the device, or with @len bytes in it. */
void vq_offer_in(struct vq *vq, __u16 slot);
void vq_offer_out(struct vq *vq, __u16 slot, const void *data, __u32 len);
void vq_ring(struct vq *vq);

/* The next completed buffer's slot, waiting for it; its length in *len. */
__u16 vq_wait(struct vq *vq, __u32 *len);
int vq_ready(const struct vq *vq);

#endif /* TESTS_HOST_GUEST_VQ_H */
