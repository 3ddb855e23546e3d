// SPDX-License-Identifier: GPL-2.0
/*
 * A driver of virtio-console, as far as its tests need one: see condriver.h.
 */
#include <string.h>

#include "condriver.h"
#include "unit.h"

void fill(unsigned int nr)
{
	u16 slot;

	for (slot = 0; slot < SIZE; slot++)
		offer(nr, slot, BUFFER, VRING_DESC_F_WRITE);
	kick(nr);
}

const u8 *retake(unsigned int nr, u32 *len)
{
	static u8 copy[BUFFER];
	u8 *buffer = take(nr, len);

	if (!buffer)
		return NULL;
	memcpy(copy, buffer, BUFFER);
	offer(nr, (buffer - mem.queues[nr].buffer[0]) / ROOM, BUFFER,
	      VRING_DESC_F_WRITE);
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

	buffer = retake(RX_CONTROL, &len);
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

	assert_null(retake(RX_CONTROL, &len));
}

void start(void)
{
	start_with(1ULL << VIRTIO_CONSOLE_F_MULTIPORT);
	fill(RX_CONTROL);
}
