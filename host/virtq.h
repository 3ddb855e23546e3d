/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VIRTQ_H
#define HOST_VIRTQ_H

#include <linux/virtio_ring.h>
#include <sys/uio.h>

#include "mem.h"
#include "util.h"

/* Longest chain of descriptors that a device takes, and its largest queue. */
#define VIRTQ_CHAIN_MAX	128

/*
 * One split virtqueue, the device's side.  The ring pointers were checked for
 * the whole queue when it was set up; everything behind them belongs to the
 * guest and changes at any time.
 */
struct virtq {
	const struct guest_ram *ram;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	u16 size;		/* 0: the queue is not in use */
	bool event_idx;
	bool indirect;
	u16 next_avail;
	u16 next_used;
	u16 published;		/* next_used as the driver sees it */
	u16 told_used;		/* published when the driver was last told */
	const char *broken;	/* why nothing is taken from it any more */
};

/* A request: first nr_out buffers to read, then nr_in buffers to fill. */
struct virtq_chain {
	u16 head;
	unsigned int nr_out;
	unsigned int nr_in;
	struct iovec iov[VIRTQ_CHAIN_MAX];
};

/* False: sizes or addresses that a queue cannot have. */
bool virtq_set_up(struct virtq *vq, const struct guest_ram *ram, u16 size,
		  u64 desc_gpa, u64 avail_gpa, u64 used_gpa);

/* Takes the next request.  False: there is none, or vq->broken says why. */
bool virtq_pop(struct virtq *vq, struct virtq_chain *chain);

/* The same with one that another program has taken; its descriptor is @head. */
bool virtq_walk(struct virtq *vq, u16 head, struct virtq_chain *chain);

/*
 * Fills the in-buffers from their byte @at on.  Returns how much found room.
 */
size_t virtq_fill(const struct virtq_chain *chain, size_t at, const void *from,
		  size_t len);

/* Completes a request, @written bytes of its in-buffers were filled. */
void virtq_push(struct virtq *vq, u16 head, u32 written);

/* The same in two steps, for several requests that appear together. */
void virtq_put(struct virtq *vq, u16 head, u32 written);
void virtq_publish(struct virtq *vq);

/* True if the driver wants an interrupt for what was pushed since the last. */
bool virtq_must_interrupt(struct virtq *vq);

/* Goes on where another program has stopped, which had taken @nr requests more. */
void virtq_take_over(struct virtq *vq, u16 nr);

/*
 * Asks the driver to ring when it adds a request.  True: one is there already,
 * and the doorbell may never come for it.
 */
bool virtq_ask_doorbell(struct virtq *vq);

#endif /* HOST_VIRTQ_H */
