/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VIRTIO_H
#define HOST_VIRTIO_H

#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <pthread.h>

#include "event.h"
#include "virtq.h"
#include "vm.h"

#define VIRTIO_QUEUES	24	/* no device here has more: see virtio_console.c */

/* What all devices have. */
#define VIRTIO_FEATURES	(1ULL << VIRTIO_F_VERSION_1 | \
			 1ULL << VIRTIO_RING_F_EVENT_IDX | \
			 1ULL << VIRTIO_RING_F_INDIRECT_DESC)

struct virtio_dev;

/* A queue and its two wires: the driver's doorbell, the device's interrupt. */
struct virtio_queue {
	struct virtio_dev *dev;
	unsigned int index;
	struct virtq vq;
	struct event doorbell;
	int irq_fd;
	unsigned int route;
};

/* What a device file supplies.  All of it runs with dev->lock held. */
struct virtio_ops {
	const char *name;
	u32 id;
	unsigned int nr_queues;
	u16 queue_max;
	u64 features;
	u32 config_len;
	/*
	 * The driver set DRIVER_OK; queues may be used from here on, and may
	 * have been filled before.  NULL: kick() for each of them.
	 */
	void (*start)(struct virtio_dev *dev);
	/* May be NULL, too. */
	void (*reset)(struct virtio_dev *dev);
	/* The driver rang, or the queue was broken until now. */
	void (*kick)(struct virtio_dev *dev, unsigned int queue);
	/* For --stats, without the lock; may be NULL. */
	void (*print_stats)(const struct virtio_dev *dev);
};

struct virtio_dev {
	const struct virtio_ops *ops;
	struct vm *vm;
	pthread_mutex_t lock;
	unsigned int index;
	u32 first_doorbell;
	u8 status;
	u64 features;		/* accepted by the driver */
	u32 generation;
	int config_irq_fd;
	unsigned int config_route;
	bool told_broken;
	u64 doorbells;		/* rung so far, for --stats */
	u64 interrupts;		/* of queues, the same */
	u64 started_ns;		/* first DRIVER_OK, CLOCK_MONOTONIC */
	u8 config[UMKVM_CONFIG_MAX];
	struct virtio_queue queues[VIRTIO_QUEUES];
};

/* Once per process. */
void virtio_add(struct vm *vm, struct virtio_dev *dev,
		const struct virtio_ops *ops);
/* Once per boot, on fresh memory: device page, doorbells, interrupts. */
void virtio_plug(struct virtio_dev *dev);

/* The calls of the guest; the return value is their status. */
void virtio_reset(struct virtio_dev *dev);
int virtio_set_features(struct virtio_dev *dev, u64 features);
int virtio_start(struct virtio_dev *dev, const struct umkvm_queue *queues,
		 u64 nr, const struct vm_route *config);
int virtio_write_config(struct virtio_dev *dev, u64 offset, u64 len, u64 value);
int virtio_set_vector(struct virtio_dev *dev, u64 index,
		      const struct vm_route *route);

/*
 * For device files, with dev->lock held.  virtio_pop() also notices a broken
 * queue and puts the device into NEEDS_RESET.
 */
bool virtio_pop(struct virtio_dev *dev, unsigned int queue,
		struct virtq_chain *chain);
/* The driver broke the device's own rules: the queue ends as in virtio_pop(). */
void virtio_break(struct virtio_dev *dev, unsigned int queue, const char *why);
void virtio_push(struct virtio_dev *dev, unsigned int queue, u16 head,
		 u32 written);
/* Sends the interrupt for what was pushed, if the driver wants one. */
void virtio_flush(struct virtio_dev *dev, unsigned int queue);
/* virtio_pop(), and asks for a doorbell if it found nothing. */
bool virtio_take(struct virtio_dev *dev, unsigned int queue,
		 struct virtq_chain *chain);
/*
 * For a device that does all in one step: completes requests with what @serve
 * says it has written.  After ops->queue_max of them others come first.
 */
typedef u32 virtio_serve_fn(struct virtio_dev *dev, unsigned int queue,
			    const struct virtq_chain *chain);
void virtio_serve(struct virtio_dev *dev, unsigned int queue,
		  virtio_serve_fn *serve);
/* Changes the configuration space and tells the driver. */
void virtio_change_config(struct virtio_dev *dev, u32 offset, const void *from,
			  u32 len);
/* umkvm_device.opened */
void virtio_set_opened(struct virtio_dev *dev, bool opened);
bool virtio_running(const struct virtio_dev *dev);

#endif /* HOST_VIRTIO_H */
