// SPDX-License-Identifier: GPL-2.0
/*
 * The transport: what every virtio device has in common.  The guest sees a
 * device page and makes calls; the state that counts is here, in struct
 * virtio_dev, and the page is only ever written.  A device's lock is taken
 * here, by the calls (vCPU threads) and by doorbells (device thread).
 */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "die.h"
#include "virtio.h"

#define STATUS_DRIVER	(VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER)

static struct umkvm_device *page_of(struct virtio_dev *dev)
{
	struct umkvm_device *page;

	page = guest_mem(&dev->vm->ram,
			 UMKVM_DEVICES_GPA + dev->index * sizeof(*page),
			 sizeof(*page));
	if (!page)
		die("mem=: no room for device pages");
	return page;
}

static void set_status(struct virtio_dev *dev, u8 status)
{
	dev->status = status;
	__atomic_store_n(&page_of(dev)->status, status, __ATOMIC_RELEASE);
}

static void on_doorbell(struct event *event)
{
	struct virtio_queue *queue = event->owner;
	struct virtio_dev *dev = queue->dev;
	u64 count;

	if (read(event->fd, &count, sizeof(count)) < 0)
		return;
	pthread_mutex_lock(&dev->lock);
	dev->doorbells += count;
	if (virtio_running(dev))
		dev->ops->kick(dev, queue->index);
	pthread_mutex_unlock(&dev->lock);
}

void virtio_add(struct vm *vm, struct virtio_dev *dev,
		const struct virtio_ops *ops)
{
	unsigned int i;

	if (vm->nr_devices == VM_DEVICES)
		die("too many devices: more than %d", VM_DEVICES);
	dev->ops = ops;
	dev->vm = vm;
	dev->index = vm->nr_devices;
	dev->first_doorbell = dev->index * VIRTIO_QUEUES;
	pthread_mutex_init(&dev->lock, NULL);
	dev->config_irq_fd = event_new_fd();
	dev->config_route = vm_new_route(vm);
	for (i = 0; i < ops->nr_queues; i++) {
		struct virtio_queue *queue = &dev->queues[i];

		queue->dev = dev;
		queue->index = i;
		queue->irq_fd = event_new_fd();
		queue->route = vm_new_route(vm);
		queue->doorbell.fd = event_new_fd();
		queue->doorbell.events = POLLIN;
		queue->doorbell.fn = on_doorbell;
		queue->doorbell.owner = queue;
		event_add(&queue->doorbell);
	}
	vm->devices[vm->nr_devices++] = dev;
}

void virtio_plug(struct virtio_dev *dev)
{
	struct umkvm_device *page = page_of(dev);
	struct vm *vm = dev->vm;
	unsigned int i;

	virtio_reset(dev);
	dev->generation = 0;
	dev->started_ns = 0;
	page->virtio_id = dev->ops->id;
	page->nr_queues = dev->ops->nr_queues;
	page->features = dev->ops->features | VIRTIO_FEATURES;
	page->doorbell = dev->first_doorbell;
	page->config_len = dev->ops->config_len;
	memcpy(page->config, dev->config, sizeof(page->config));
	vm_wire_irq(vm, dev->config_route, dev->config_irq_fd);
	for (i = 0; i < dev->ops->nr_queues; i++) {
		struct virtio_queue *queue = &dev->queues[i];

		page->queue_max[i] = dev->ops->queue_max;
		vm_wire_irq(vm, queue->route, queue->irq_fd);
		vm_wire_doorbell(vm, dev->first_doorbell + i,
				 queue->doorbell.fd);
	}
}

static void clear_route(struct virtio_dev *dev, unsigned int route)
{
	const struct vm_route nowhere = { 0 };

	vm_set_route(dev->vm, route, &nowhere);
}

void virtio_reset(struct virtio_dev *dev)
{
	unsigned int i;

	pthread_mutex_lock(&dev->lock);
	dev->features = 0;
	dev->told_broken = false;
	clear_route(dev, dev->config_route);
	for (i = 0; i < dev->ops->nr_queues; i++) {
		clear_route(dev, dev->queues[i].route);
		dev->queues[i].vq.size = 0;
	}
	if (dev->ops->reset)
		dev->ops->reset(dev);
	set_status(dev, 0);
	pthread_mutex_unlock(&dev->lock);
}

int virtio_set_features(struct virtio_dev *dev, u64 features)
{
	int ret = 0;

	pthread_mutex_lock(&dev->lock);
	if (dev->status & VIRTIO_CONFIG_S_DRIVER_OK) {
		ret = -EBUSY;
	} else if (features & ~(dev->ops->features | VIRTIO_FEATURES) ||
		   !(features & 1ULL << VIRTIO_F_VERSION_1)) {
		ret = -EINVAL;
	} else {
		dev->features = features;
		set_status(dev, STATUS_DRIVER | VIRTIO_CONFIG_S_FEATURES_OK);
	}
	pthread_mutex_unlock(&dev->lock);
	return ret;
}

/* An MSI that can only be an edge-triggered vector at some LAPIC. */
static bool route_valid(const struct vm_route *route)
{
	return !route->addr ||
	       ((route->addr & ~0xfffffULL) == 0xfee00000 &&
		(route->data & 0xff) >= 0x10 && !(route->data & ~0x40ffU));
}

static bool set_up_queue(struct virtio_dev *dev, const struct umkvm_queue *req)
{
	const struct vm_route route = {
		.addr = req->msi_addr,
		.data = req->msi_data,
	};
	struct virtio_queue *queue;

	if (req->index >= dev->ops->nr_queues ||
	    req->size > dev->ops->queue_max || !route_valid(&route))
		return false;
	queue = &dev->queues[req->index];
	if (queue->vq.size ||
	    !virtq_set_up(&queue->vq, &dev->vm->ram, req->size, req->desc_gpa,
			  req->avail_gpa, req->used_gpa))
		return false;
	queue->vq.event_idx = dev->features >> VIRTIO_RING_F_EVENT_IDX & 1;
	queue->vq.indirect = dev->features >> VIRTIO_RING_F_INDIRECT_DESC & 1;
	vm_set_route(dev->vm, queue->route, &route);
	return true;
}

static void kick_all(struct virtio_dev *dev)
{
	unsigned int i;

	for (i = 0; i < dev->ops->nr_queues; i++)
		dev->ops->kick(dev, i);
}

static int start_locked(struct virtio_dev *dev, const struct umkvm_queue *queues,
			u64 nr, const struct vm_route *config)
{
	struct timespec now;
	u64 i;

	if (dev->status & VIRTIO_CONFIG_S_DRIVER_OK)
		return -EBUSY;
	if (!(dev->status & VIRTIO_CONFIG_S_FEATURES_OK) || !route_valid(config))
		return -EINVAL;
	for (i = 0; i < nr; i++) {
		if (!set_up_queue(dev, &queues[i]))
			break;
	}
	vm_set_route(dev->vm, dev->config_route, config);
	if (i < nr || vm_commit_routes(dev->vm)) {
		for (i = 0; i < dev->ops->nr_queues; i++)
			dev->queues[i].vq.size = 0;
		return -EINVAL;
	}
	if (!dev->started_ns) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		dev->started_ns = (u64)now.tv_sec * 1000000000 + now.tv_nsec;
	}
	set_status(dev, dev->status | VIRTIO_CONFIG_S_DRIVER_OK);
	if (dev->ops->start)
		dev->ops->start(dev);
	else
		kick_all(dev);
	return 0;
}

int virtio_start(struct virtio_dev *dev, const struct umkvm_queue *queues,
		 u64 nr, const struct vm_route *config)
{
	int ret;

	pthread_mutex_lock(&dev->lock);
	ret = start_locked(dev, queues, nr, config);
	pthread_mutex_unlock(&dev->lock);
	event_wake();
	return ret;
}

/* No device here has a configuration field that the driver may write. */
int virtio_write_config(struct virtio_dev *dev, u64 offset, u64 len, u64 value)
{
	(void)dev;
	(void)offset;
	(void)len;
	(void)value;
	return -EINVAL;
}

int virtio_set_vector(struct virtio_dev *dev, u64 index,
		      const struct vm_route *route)
{
	unsigned int line;
	int ret;

	if (!route_valid(route) ||
	    (index >= dev->ops->nr_queues && index != UMKVM_VECTOR_CONFIG))
		return -EINVAL;
	pthread_mutex_lock(&dev->lock);
	line = index == UMKVM_VECTOR_CONFIG ? dev->config_route :
					      dev->queues[index].route;
	vm_set_route(dev->vm, line, route);
	ret = vm_commit_routes(dev->vm) ? -EINVAL : 0;
	pthread_mutex_unlock(&dev->lock);
	return ret;
}

bool virtio_running(const struct virtio_dev *dev)
{
	return (dev->status & VIRTIO_CONFIG_S_DRIVER_OK) &&
	       !(dev->status & VIRTIO_CONFIG_S_NEEDS_RESET);
}

static void check_broken(struct virtio_dev *dev, unsigned int queue)
{
	const char *why = dev->queues[queue].vq.broken;

	if (!why || dev->told_broken)
		return;
	dev->told_broken = true;
	warn("device %s: queue %u: %s; it waits for a reset", dev->ops->name,
	     queue, why);
	set_status(dev, dev->status | VIRTIO_CONFIG_S_NEEDS_RESET);
	event_signal(dev->config_irq_fd);
}

bool virtio_pop(struct virtio_dev *dev, unsigned int queue,
		struct virtq_chain *chain)
{
	if (!virtio_running(dev))
		return false;
	if (virtq_pop(&dev->queues[queue].vq, chain))
		return true;
	check_broken(dev, queue);
	return false;
}

void virtio_break(struct virtio_dev *dev, unsigned int queue, const char *why)
{
	dev->queues[queue].vq.broken = why;
	check_broken(dev, queue);
}

bool virtio_take(struct virtio_dev *dev, unsigned int queue,
		 struct virtq_chain *chain)
{
	do {
		if (virtio_pop(dev, queue, chain))
			return true;
	} while (virtio_running(dev) &&
		 virtq_ask_doorbell(&dev->queues[queue].vq));
	return false;
}

void virtio_push(struct virtio_dev *dev, unsigned int queue, u16 head,
		 u32 written)
{
	virtq_push(&dev->queues[queue].vq, head, written);
}

void virtio_flush(struct virtio_dev *dev, unsigned int queue)
{
	if (!virtq_must_interrupt(&dev->queues[queue].vq))
		return;
	dev->interrupts++;
	event_signal(dev->queues[queue].irq_fd);
}

void virtio_serve(struct virtio_dev *dev, unsigned int queue,
		  virtio_serve_fn *serve)
{
	struct virtq_chain chain;
	unsigned int i;

	for (i = 0; i < dev->ops->queue_max; i++) {
		if (!virtio_take(dev, queue, &chain))
			break;
		virtio_push(dev, queue, chain.head, serve(dev, queue, &chain));
	}
	/* A driver that never stops asking: the doorbell comes round again. */
	if (i == dev->ops->queue_max)
		event_signal(dev->queues[queue].doorbell.fd);
	virtio_flush(dev, queue);
}

void virtio_change_config(struct virtio_dev *dev, u32 offset, const void *from,
			  u32 len)
{
	struct umkvm_device *page = page_of(dev);

	memcpy(dev->config + offset, from, len);
	/* Odd while the bytes change: pairs with vu_get() of the guest. */
	__atomic_store_n(&page->generation, ++dev->generation, __ATOMIC_SEQ_CST);
	memcpy(page->config + offset, from, len);
	__atomic_store_n(&page->generation, ++dev->generation, __ATOMIC_SEQ_CST);
	event_signal(dev->config_irq_fd);
}

void virtio_set_opened(struct virtio_dev *dev, bool opened)
{
	__atomic_store_n(&page_of(dev)->opened, opened, __ATOMIC_RELEASE);
}
