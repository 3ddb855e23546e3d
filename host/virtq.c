// SPDX-License-Identifier: GPL-2.0
/*
 * Split virtqueues, virtio 1.2 section 2.7, as a device sees them.  The guest
 * is hostile: each index, length and flag is copied, then checked, then used,
 * and a chain has to end within the queue's size.  The first thing that is
 * wrong breaks the queue for good; what the driver does then is its business.
 */
#include <stdatomic.h>

#include "virtq.h"

static bool breaks(struct virtq *vq, const char *why)
{
	vq->broken = why;
	return false;
}

static void *ring_mem(const struct guest_ram *ram, u64 gpa, u64 len, u64 align)
{
	return gpa % align ? NULL : guest_mem(ram, gpa, len);
}

bool virtq_set_up(struct virtq *vq, const struct guest_ram *ram, u16 size,
		  u64 desc_gpa, u64 avail_gpa, u64 used_gpa)
{
	/* Both rings end in an event index, used or not. */
	u64 avail_len = sizeof(struct vring_avail) + (size + 1) * sizeof(u16);
	u64 used_len = sizeof(struct vring_used) +
		       size * sizeof(struct vring_used_elem) + sizeof(u16);

	if (!size || size > VIRTQ_CHAIN_MAX || size & (size - 1))
		return false;
	*vq = (struct virtq){ .ram = ram, .size = size };
	vq->desc = ring_mem(ram, desc_gpa, size * sizeof(*vq->desc), 16);
	vq->avail = ring_mem(ram, avail_gpa, avail_len, 2);
	vq->used = ring_mem(ram, used_gpa, used_len, 4);
	if (vq->desc && vq->avail && vq->used)
		return true;
	vq->size = 0;
	return false;
}

static u16 *used_event(struct virtq *vq)
{
	return &vq->avail->ring[vq->size];
}

static u16 *avail_event(struct virtq *vq)
{
	return (u16 *)&vq->used->ring[vq->size];
}

static u16 load_u16(const u16 *from)
{
	return __atomic_load_n(from, __ATOMIC_RELAXED);
}

static void store_u16(u16 *to, u16 value)
{
	__atomic_store_n(to, value, __ATOMIC_RELAXED);
}

/* Adds one buffer to the chain; out-buffers come before in-buffers. */
static bool add_buffer(struct virtq *vq, struct virtq_chain *chain,
		       const struct vring_desc *desc)
{
	unsigned int nr = chain->nr_out + chain->nr_in;
	bool in = desc->flags & VRING_DESC_F_WRITE;
	void *mem = guest_mem(vq->ram, desc->addr, desc->len);

	if (!mem)
		return breaks(vq, "a buffer is not in RAM");
	if (nr == VIRTQ_CHAIN_MAX)
		return breaks(vq, "a chain is too long");
	if (!in && chain->nr_in)
		return breaks(vq, "a readable buffer follows a writable one");
	chain->iov[nr] = (struct iovec){ .iov_base = mem, .iov_len = desc->len };
	chain->nr_in += in;
	chain->nr_out += !in;
	return true;
}

/* What is walked: the queue's own descriptors, or one indirect table. */
struct table {
	const struct vring_desc *desc;
	u32 size;
	bool indirect;
};

static bool enter_indirect(struct virtq *vq, struct table *table,
			   const struct vring_desc *desc)
{
	u32 size = desc->len / sizeof(*desc);

	if (!vq->indirect || table->indirect)
		return breaks(vq, "an indirect table where none may be");
	if (desc->flags & VRING_DESC_F_NEXT || !size ||
	    desc->len % sizeof(*desc) || size > VIRTQ_CHAIN_MAX)
		return breaks(vq, "a broken indirect table");
	table->desc = guest_mem(vq->ram, desc->addr, desc->len);
	table->size = size;
	table->indirect = true;
	return table->desc || breaks(vq, "an indirect table is not in RAM");
}

bool virtq_walk(struct virtq *vq, u16 head, struct virtq_chain *chain)
{
	struct table table = { .desc = vq->desc, .size = vq->size };
	struct vring_desc desc;
	u32 index = head, seen = 0;

	chain->head = head;
	chain->nr_out = chain->nr_in = 0;
	for (;;) {
		if (index >= table.size)
			return breaks(vq, "a descriptor index is too large");
		if (seen++ == table.size)
			return breaks(vq, "a chain runs in a circle");
		copy_once(&desc, &table.desc[index], sizeof(desc));
		if (desc.flags & VRING_DESC_F_INDIRECT) {
			if (!enter_indirect(vq, &table, &desc))
				return false;
			index = seen = 0;
			continue;
		}
		if (!add_buffer(vq, chain, &desc))
			return false;
		if (!(desc.flags & VRING_DESC_F_NEXT))
			return true;
		index = desc.next;
	}
}

static u16 nr_available(struct virtq *vq)
{
	/* Pairs with the write barrier in virtqueue_add_split() of the guest. */
	u16 idx = __atomic_load_n(&vq->avail->idx, __ATOMIC_ACQUIRE);

	return idx - vq->next_avail;
}

bool virtq_pop(struct virtq *vq, struct virtq_chain *chain)
{
	u16 nr;

	if (!vq->size || vq->broken)
		return false;
	nr = nr_available(vq);
	if (!nr)
		return false;
	if (nr > vq->size)
		return breaks(vq, "the available index jumped");
	return virtq_walk(vq, load_u16(&vq->avail->ring[vq->next_avail++ &
							(vq->size - 1)]),
			  chain);
}

size_t virtq_fill(const struct virtq_chain *chain, size_t at, const void *from,
		  size_t len)
{
	unsigned int i, end = chain->nr_out + chain->nr_in;
	size_t done = 0;

	for (i = chain->nr_out; i < end && done < len; i++) {
		const struct iovec *iov = &chain->iov[i];
		size_t skip = min_u64(at, iov->iov_len);
		size_t part = min_u64(iov->iov_len - skip, len - done);

		memcpy((u8 *)iov->iov_base + skip, (const u8 *)from + done, part);
		at -= skip;
		done += part;
	}
	return done;
}

void virtq_put(struct virtq *vq, u16 head, u32 written)
{
	struct vring_used_elem *elem;

	elem = &vq->used->ring[vq->next_used & (vq->size - 1)];
	elem->id = head;
	elem->len = written;
	vq->next_used++;
}

void virtq_publish(struct virtq *vq)
{
	vq->published = vq->next_used;
	/* Pairs with the read barrier in virtqueue_get_buf() of the guest. */
	__atomic_store_n(&vq->used->idx, vq->published, __ATOMIC_RELEASE);
}

void virtq_push(struct virtq *vq, u16 head, u32 written)
{
	virtq_put(vq, head, written);
	virtq_publish(vq);
}

bool virtq_must_interrupt(struct virtq *vq)
{
	u16 old = vq->told_used;

	if (!vq->size || vq->published == old)
		return false;
	/*
	 * The used index must be out before the driver's wish is read.  Pairs
	 * with the barrier in virtqueue_enable_cb() of the guest.
	 */
	atomic_thread_fence(memory_order_seq_cst);
	vq->told_used = vq->published;
	if (vq->event_idx)
		return vring_need_event(load_u16(used_event(vq)), vq->published,
					old);
	return !(load_u16(&vq->avail->flags) & VRING_AVAIL_F_NO_INTERRUPT);
}

void virtq_take_over(struct virtq *vq, u16 nr)
{
	vq->next_used = vq->published = vq->told_used = load_u16(&vq->used->idx);
	vq->next_avail = vq->next_used + nr;
}

bool virtq_ask_doorbell(struct virtq *vq)
{
	if (!vq->size || vq->broken)
		return false;
	/* Without event indices the driver always rings. */
	if (vq->event_idx)
		store_u16(avail_event(vq), vq->next_avail);
	/*
	 * The wish must be out before the available index is read again.
	 * Pairs with the barrier in virtqueue_kick_prepare() of the guest.
	 */
	atomic_thread_fence(memory_order_seq_cst);
	return nr_available(vq);
}
