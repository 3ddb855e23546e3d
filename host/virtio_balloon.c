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

static u32 serve(struct virtio_dev *dev, unsigned int queue,
		 const struct virtq_chain *chain)
{
	unsigned int i, end = chain->nr_out + chain->nr_in;

	for (i = chain->nr_out; queue == REPORTING && i < end; i++)
		reported += mem_discard(&dev->vm->ram, chain->iov[i].iov_base,
					chain->iov[i].iov_len);
	return 0;
}

static void balloon_kick(struct virtio_dev *dev, unsigned int queue)
{
	virtio_serve(dev, queue, serve);
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
	.kick = balloon_kick,
	.print_stats = balloon_stats,
};

void virtio_balloon_add(struct vm *vm)
{
	virtio_add(vm, &balloon, &balloon_ops);
}
