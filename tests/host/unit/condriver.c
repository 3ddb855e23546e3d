// SPDX-License-Identifier: GPL-2.0
/*
 * A driver of virtio-console, as far as its tests need one: see condriver.h.
 */
#include <string.h>

#include "condriver.h"
#include "unit.h"

union con_mem mem;
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

static void offer(unsigned int nr, u16 slot, u32 len, u16 flags)
{
	struct queue *queue = &mem.queues[nr];

	queue->desc[slot] = (struct vring_desc){
		gpa_of(queue->buffer[slot]), len, flags, 0 };
	queue->avail[2 + queue->avail[1]++ % SIZE] = slot;
}

void fill(unsigned int nr)
{
	u16 slot;

	for (slot = 0; slot < SIZE; slot++)
		offer(nr, slot, BUFFER, VRING_DESC_F_WRITE);
	kick(nr);
}

const u8 *take(unsigned int nr, u32 *len)
{
	struct queue *queue = &mem.queues[nr];
	static u8 copy[BUFFER];
	struct vring_used_elem *elem;

	if (queue->seen == queue->used.idx)
		return NULL;
	elem = &queue->used.ring[queue->seen++ % SIZE];
	*len = elem->len;
	memcpy(copy, queue->buffer[elem->id], BUFFER);
	offer(nr, elem->id, BUFFER, VRING_DESC_F_WRITE);
	return copy;
}

void write_out(unsigned int nr, const void *data, u32 len)
{
	struct queue *queue = &mem.queues[nr];
	u16 slot = queue->avail[1] % SIZE;

	memcpy(queue->buffer[slot], data, len);
	offer(nr, slot, len, 0);
	kick(nr);
}

void tell(u32 id, u16 event, u16 value)
{
	const struct virtio_console_control msg = { id, event, value };

	write_out(TX_CONTROL, &msg, sizeof(msg));
}

void assert_told(u32 id, u16 event, u16 value)
{
	struct virtio_console_control msg;
	const u8 *buffer;
	u32 len;

	buffer = take(RX_CONTROL, &len);
	assert_non_null(buffer);
	memcpy(&msg, buffer, sizeof(msg));
	assert_int_equal(msg.id, id);
	assert_int_equal(msg.event, event);
	assert_int_equal(msg.value, value);
	kick(RX_CONTROL);
}

void assert_told_nothing(void)
{
	u32 len;

	assert_null(take(RX_CONTROL, &len));
}

void start(void)
{
	struct umkvm_queue queues[NR_QUEUES];
	const struct vm_route nowhere = { 0 };
	unsigned int i;

	memset(&mem, 0, sizeof(mem));
	virtio_plug(dev);
	assert_int_equal(virtio_set_features(dev, 1ULL << VIRTIO_F_VERSION_1 |
					     1ULL << VIRTIO_CONSOLE_F_MULTIPORT), 0);
	for (i = 0; i < NR_QUEUES; i++)
		queues[i] = (struct umkvm_queue){
			.index = i,
			.size = SIZE,
			.desc_gpa = gpa_of(mem.queues[i].desc),
			.avail_gpa = gpa_of(mem.queues[i].avail),
			.used_gpa = gpa_of(&mem.queues[i].used),
		};
	assert_int_equal(virtio_start(dev, queues, NR_QUEUES, &nowhere), 0);
	fill(RX_CONTROL);
}
