// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-balloon (virtio 1.2 section 5.5), for one thing: free page reporting.
 * The guest names blocks that are free and waits; their pages go back to the
 * host and read as zero when they are used again.  The balloon itself is never
 * asked to grow, so nothing comes through the first two queues.
 */
#include <linux/virtio_balloon.h>
#include <stddef.h>

#include "die.h"
#include "virtio.h"
#include "virtio_balloon.h"

/* Queues whose feature is not offered have no number. */
enum { INFLATE, DEFLATE, REPORTING, NR_QUEUES };

#define QUEUE_MAX	32	/* PAGE_REPORTING_CAPACITY of the guest */

static struct virtio_dev balloon;
static u64 reported;		/* bytes, for --stats */

static void give_back(struct virtio_dev *dev, const struct virtq_chain *chain)
{
	unsigned int i, end = chain->nr_out + chain->nr_in;

	for (i = chain->nr_out; i < end; i++)
		reported += mem_discard(&dev->vm->ram, chain->iov[i].iov_base,
					chain->iov[i].iov_len);
}

static void balloon_kick(struct virtio_dev *dev, unsigned int queue)
{
	struct virtq_chain chain;
	unsigned int i;

	for (i = 0; i < QUEUE_MAX; i++) {
		if (!virtio_take(dev, queue, &chain))
			break;
		if (queue == REPORTING)
			give_back(dev, &chain);
		virtio_push(dev, queue, chain.head, 0);
	}
	/* Others first: the doorbell comes round again. */
	if (i == QUEUE_MAX)
		event_signal(dev->queues[queue].doorbell.fd);
	virtio_flush(dev, queue);
}

static void balloon_start(struct virtio_dev *dev)
{
	unsigned int i;

	for (i = 0; i < NR_QUEUES; i++)
		balloon_kick(dev, i);
}

static void balloon_reset(struct virtio_dev *dev)
{
	(void)dev;
}

static void balloon_stats(const struct virtio_dev *dev)
{
	print_err("stats: device%u.reported_kb: %llu\n", dev->index,
		  reported >> 10);
}

static const struct virtio_ops balloon_ops = {
	.name = "balloon",
	.id = VIRTIO_ID_BALLOON,
	.nr_queues = NR_QUEUES,
	.queue_max = QUEUE_MAX,
	.features = 1ULL << VIRTIO_BALLOON_F_REPORTING,
	.config_len = offsetof(struct virtio_balloon_config,
			       free_page_hint_cmd_id),
	.start = balloon_start,
	.reset = balloon_reset,
	.kick = balloon_kick,
	.print_stats = balloon_stats,
};

void virtio_balloon_add(struct vm *vm)
{
	virtio_add(vm, &balloon, &balloon_ops);
}
