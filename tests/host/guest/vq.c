// SPDX-License-Identifier: GPL-2.0
/*
 * Virtqueues for bare guests, see vq.h.
 */
#include "vq.h"

struct vq vqs[NR_QUEUES];

static struct umkvm_queue queues[NR_QUEUES];

int vq_start(__u64 features)
{
	const struct umkvm_device *page = direct(UMKVM_DEVICES_GPA);
	int i, err;

	call(UMKVM_CALL_VIRTIO_RESET, 0, 0, 0, 0, 0);
	err = call(UMKVM_CALL_VIRTIO_FEATURES, 0, features, 0, 0, 0);
	if (err)
		return err;
	for (i = 0; i < NR_QUEUES; i++) {
		struct vq *vq = &vqs[i];

		vq->doorbell = page->doorbell + i;
		queues[i].index = i;
		queues[i].size = VQ_SIZE;
		queues[i].desc_gpa = gpa_of(vq->desc);
		queues[i].avail_gpa = gpa_of(&vq->avail);
		queues[i].used_gpa = gpa_of(&vq->used);
	}
	return call(UMKVM_CALL_VIRTIO_START, 0, gpa_of(queues), NR_QUEUES, 0, 0);
}

static void offer(struct vq *vq, __u16 slot, __u32 len, __u16 flags)
{
	vq->desc[slot] = (struct vring_desc){
		.addr = gpa_of(vq->buffer[slot]),
		.len = len,
		.flags = flags,
	};
	vq->avail.ring[vq->avail.idx % VQ_SIZE] = slot;
	__atomic_store_n(&vq->avail.idx, vq->avail.idx + 1, __ATOMIC_RELEASE);
}

void vq_offer_in(struct vq *vq, __u16 slot)
{
	offer(vq, slot, VQ_BUFFER, VRING_DESC_F_WRITE);
}

void vq_offer_out(struct vq *vq, __u16 slot, const void *data, __u32 len)
{
	__u32 i;

	for (i = 0; i < len && i < VQ_BUFFER; i++)
		vq->buffer[slot][i] = ((const __u8 *)data)[i];
	offer(vq, slot, i, 0);
}

void vq_ring(struct vq *vq)
{
	port_out(UMKVM_PORT_DOORBELL, vq->doorbell);
}

int vq_ready(const struct vq *vq)
{
	return vq->seen != __atomic_load_n(&vq->used.idx, __ATOMIC_ACQUIRE);
}

__u16 vq_wait(struct vq *vq, __u32 *len)
{
	const struct vring_used_elem *elem;

	while (!vq_ready(vq))
		__asm__ __volatile__("pause" : : : "memory");
	elem = &vq->used.ring[vq->seen++ % VQ_SIZE];
	*len = elem->len;
	return elem->id;
}
