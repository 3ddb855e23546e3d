// SPDX-License-Identifier: GPL-2.0
/*
 * "Inflight I/O tracking" of vhost-user: a program that completes requests in
 * any order notes in shared memory which ones it has taken.  The rings alone do
 * not tell, and a request that nobody completes would hold the guest for ever.
 * It is only read here once the program has ended.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "die.h"
#include "vhost_inflight.h"

/* Layout and alignment are those of the protocol and of its library in QEMU. */
struct inflight {
	u64 features;
	u16 version;
	u16 nr;
	u16 last_head;		/* on its way into the used ring, or there */
	u16 used_idx;		/* without last_head, if it has not got so far */
	struct {
		u8 taken;
		u8 padding[5];
		u16 next;
		u64 counter;
	} desc[VIRTQ_CHAIN_MAX];
} __attribute((aligned(64)));

struct inflight *inflight_create(unsigned int nr_queues, int *fd)
{
	const size_t len = nr_queues * sizeof(struct inflight);
	void *inflight = MAP_FAILED;

	*fd = memfd_create("inflight", MFD_CLOEXEC);
	if (*fd >= 0 && !ftruncate(*fd, len))
		inflight = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED,
				*fd, 0);
	if (inflight == MAP_FAILED)
		die_errno("cannot make shared memory");
	return inflight;
}

struct inflight_place inflight_clear(struct inflight *inflight,
				     const struct virtio_ops *ops)
{
	const struct inflight_place place = {
		.len = ops->nr_queues * sizeof(*inflight),
		.nr_queues = ops->nr_queues,
		.queue_size = ops->queue_max,
	};

	memset(inflight, 0, place.len);
	return place;
}

void inflight_refuse(const struct inflight *inflight, struct virtio_queue *queue,
		     virtio_serve_fn *refuse)
{
	const struct inflight *mine = &inflight[queue->index];
	struct virtio_dev *dev = queue->dev;
	const u16 used_idx = queue->vq.used->idx;
	struct virtq_chain chain;
	u16 heads[VIRTQ_CHAIN_MAX];
	unsigned int i, nr = 0;

	for (i = 0; i < queue->vq.size; i++) {
		if (mine->desc[i].taken &&
		    (i != mine->last_head || mine->used_idx == used_idx))
			heads[nr++] = i;
	}
	virtq_take_over(&queue->vq, nr);
	for (i = 0; i < nr; i++) {
		if (virtq_walk(&queue->vq, heads[i], &chain))
			virtio_push(dev, queue->index, heads[i],
				    refuse(dev, queue->index, &chain));
	}
}
