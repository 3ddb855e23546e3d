// SPDX-License-Identifier: GPL-2.0
/*
 * A driver for tests of a device: see driver.h.
 */
#include <string.h>

#include "driver.h"
#include "unit.h"

union driver_mem mem;
struct vm vm = {
	.ram = { .host = mem.bytes, .low_len = sizeof(mem) },
};
struct virtio_dev *dev;

static u64 gpa_of(const void *p)
{
	return (const u8 *)p - mem.bytes;
}

void kick(unsigned int queue)
{
	struct event *bell = &dev->queues[queue].doorbell;

	event_signal(bell->fd);
	bell->fn(bell);
}

void offer(unsigned int nr, u16 slot, u32 len, u16 flags)
{
	struct queue *queue = &mem.queues[nr];

	queue->desc[slot] = (struct vring_desc){
		gpa_of(queue->buffer[slot]), len, flags, 0 };
	queue->avail[2 + queue->avail[1]++ % SIZE] = slot;
}

u8 *take(unsigned int nr, u32 *len)
{
	struct queue *queue = &mem.queues[nr];
	struct vring_used_elem *elem;

	if (queue->seen == queue->used.idx)
		return NULL;
	elem = &queue->used.ring[queue->seen++ % SIZE];
	*len = elem->len;
	return queue->buffer[elem->id];
}

void start_with(u64 features)
{
	struct umkvm_queue places[QUEUES_MAX];
	const struct vm_route nowhere = { 0 };
	unsigned int i, nr = dev->ops->nr_queues;

	assert_true(nr <= QUEUES_MAX);
	memset(&mem, 0, sizeof(mem));
	virtio_plug(dev);
	assert_int_equal(virtio_set_features(dev, 1ULL << VIRTIO_F_VERSION_1 |
					     features), 0);
	for (i = 0; i < nr; i++)
		places[i] = (struct umkvm_queue){
			.index = i,
			.size = SIZE,
			.desc_gpa = gpa_of(mem.queues[i].desc),
			.avail_gpa = gpa_of(mem.queues[i].avail),
			.used_gpa = gpa_of(&mem.queues[i].used),
		};
	assert_int_equal(virtio_start(dev, places, nr, &nowhere), 0);
}
