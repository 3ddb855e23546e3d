/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VHOST_INFLIGHT_H
#define HOST_VHOST_INFLIGHT_H

#include "virtio.h"

/* What the program that serves a queue has taken and not completed. */
struct inflight;

/* Where it notes that, as the protocol says it. */
struct inflight_place {
	u64 len;
	u64 offset;
	u16 nr_queues;
	u16 queue_size;
};

/* A table for each of @nr_queues; @fd is for the program. */
struct inflight *inflight_create(unsigned int nr_queues, int *fd);

/* The device's queues start anew. */
struct inflight_place inflight_clear(struct inflight *inflight,
				     const struct virtio_ops *ops);

/*
 * The program is gone: completes with @refuse what it had taken, and lets the
 * queue go on with what it had not.
 */
void inflight_refuse(const struct inflight *inflight, struct virtio_queue *queue,
		     virtio_serve_fn *refuse);

#endif /* HOST_VHOST_INFLIGHT_H */
