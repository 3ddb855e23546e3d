// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-rng (virtio 1.2 section 5.4): the host's random numbers.  A request
 * gets as many as fit into a small buffer, at least one.
 */
#include <sys/random.h>

#include "virtio.h"
#include "virtio_rng.h"

#define QUEUE_MAX	8
#define BYTES_MAX	256	/* getrandom() gives that many in one piece */

static struct virtio_dev rng;

static u32 serve(struct virtio_dev *dev, unsigned int queue,
		 const struct virtq_chain *chain)
{
	u8 bytes[BYTES_MAX];
	ssize_t got = getrandom(bytes, sizeof(bytes), 0);
	u32 written = got > 0 ? virtq_fill(chain, 0, bytes, got) : 0;

	(void)dev;
	(void)queue;
	explicit_bzero(bytes, sizeof(bytes));
	return written;
}

static void rng_kick(struct virtio_dev *dev, unsigned int queue)
{
	virtio_serve(dev, queue, serve);
}

static const struct virtio_ops rng_ops = {
	.name = "rng",
	.id = VIRTIO_ID_RNG,
	.nr_queues = 1,
	.queue_max = QUEUE_MAX,
	.kick = rng_kick,
};

void virtio_rng_add(struct vm *vm)
{
	virtio_add(vm, &rng, &rng_ops);
}
