// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-rng (virtio 1.2 section 5.4): the host's random numbers.  A request
 * gets as many as fit into a small buffer, at least one; how fast they come is
 * the host's business, so a guest that asks without end gets its turn last.
 */
#include <sys/random.h>

#include "virtio.h"
#include "virtio_rng.h"

#define QUEUE_MAX	8
#define BYTES_MAX	256	/* getrandom() gives that many in one piece */

static struct virtio_dev rng;

/* True: bytes are there, and the request is completed. */
static void serve(const struct virtq_chain *chain)
{
	u8 bytes[BYTES_MAX];
	ssize_t got = getrandom(bytes, sizeof(bytes), 0);

	virtio_push(&rng, 0, chain->head,
		    got > 0 ? virtq_fill(chain, 0, bytes, got) : 0);
	explicit_bzero(bytes, sizeof(bytes));
}

static void rng_kick(struct virtio_dev *dev, unsigned int queue)
{
	struct virtq_chain chain;
	unsigned int i;

	for (i = 0; i < QUEUE_MAX; i++) {
		if (!virtio_take(dev, queue, &chain))
			break;
		serve(&chain);
	}
	/* Others first: the doorbell comes round again. */
	if (i == QUEUE_MAX)
		event_signal(dev->queues[queue].doorbell.fd);
	virtio_flush(dev, queue);
}

static void rng_start(struct virtio_dev *dev)
{
	rng_kick(dev, 0);
}

static void rng_reset(struct virtio_dev *dev)
{
	(void)dev;
}

static const struct virtio_ops rng_ops = {
	.name = "rng",
	.id = VIRTIO_ID_RNG,
	.nr_queues = 1,
	.queue_max = QUEUE_MAX,
	.start = rng_start,
	.reset = rng_reset,
	.kick = rng_kick,
};

void virtio_rng_add(struct vm *vm)
{
	virtio_add(vm, &rng, &rng_ops);
}
