/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver's side of any virtio device, for tests: guest memory, with rings and
 * a buffer for each of their slots.
 */
#ifndef TESTS_HOST_DRIVER_H
#define TESTS_HOST_DRIVER_H

#include "virtio.h"

#define SIZE		16
#define ROOM		4096
#define QUEUES_MAX	10

struct queue {
	_Alignas(16) struct vring_desc desc[SIZE];
	u16 avail[2 + SIZE + 1];
	struct {
		_Alignas(4) u16 flags;
		u16 idx;
		struct vring_used_elem ring[SIZE];
		u16 avail_event;
	} used;
	u8 buffer[SIZE][ROOM];
	u16 seen;
};

/* Guest memory, and the machine that has it. */
extern union driver_mem {
	u8 bytes[UMKVM_KERNEL_GPA];
	struct {
		u8 low[MIB(1)];
		struct queue queues[QUEUES_MAX];
	};
} mem;
extern struct vm vm;
extern struct virtio_dev *dev;

/* The driver starts all queues of the device, on fresh memory. */
void start_with(u64 features);
/* The buffer of @slot, with the @flags of its descriptor; without a doorbell. */
void offer(unsigned int nr, u16 slot, u32 len, u16 flags);
void kick(unsigned int queue);
/* The next buffer that came back, and how much is in it; NULL: none. */
u8 *take(unsigned int nr, u32 *len);

#endif /* TESTS_HOST_DRIVER_H */
