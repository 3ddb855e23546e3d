/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver's side of virtio-console with three ports, for its tests.
 */
#ifndef TESTS_HOST_CONDRIVER_H
#define TESTS_HOST_CONDRIVER_H

#include <linux/virtio_console.h>

#include "virtio.h"

#define SIZE	16
#define BUFFER	64

enum { RX0, TX0, RX_CONTROL, TX_CONTROL, RX1, TX1, RX2, TX2, NR_QUEUES };

struct queue {
	_Alignas(16) struct vring_desc desc[SIZE];
	u16 avail[2 + SIZE + 1];
	struct {
		_Alignas(4) u16 flags;
		u16 idx;
		struct vring_used_elem ring[SIZE];
		u16 avail_event;
	} used;
	u8 buffer[SIZE][BUFFER];
	u16 seen;
};

/* Guest memory. */
extern union con_mem {
	u8 bytes[UMKVM_KERNEL_GPA];
	struct {
		u8 low[MIB(1)];
		struct queue queues[NR_QUEUES];
	};
} mem;

extern struct vm vm;
extern struct virtio_dev *dev;

/* Resets and starts the device, with buffers for its messages. */
void start(void);
void kick(unsigned int queue);
/* Offers all buffers of a receive queue. */
void fill(unsigned int nr);
/* The next completed in-buffer, which is offered again; NULL: none. */
const u8 *take(unsigned int nr, u32 *len);
void write_out(unsigned int nr, const void *data, u32 len);

/* Control messages: to the device, and what came from it. */
void tell(u32 id, u16 event, u16 value);
void assert_told(u32 id, u16 event, u16 value);
void assert_told_nothing(void);

#endif /* TESTS_HOST_CONDRIVER_H */
