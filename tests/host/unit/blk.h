/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Three disks of 1 MiB for tests of virtio-blk, and a driver of them: one has
 * io_uring, one a host without it, one is read-only.
 */
#ifndef TESTS_HOST_BLK_H
#define TESTS_HOST_BLK_H

#include <linux/virtio_blk.h>

#include "fakes.h"
#include "virtio.h"
#include "unit.h"

#define BLK_QUEUE	16
#define IMAGE_LEN	MIB(1)
#define SECTORS		(IMAGE_LEN / 512)

enum { RING, PLAIN, READ_ONLY, NR_DISKS };

/* Guest memory, with the queue of the disk that was started last. */
union blk_mem {
	u8 bytes[UMKVM_KERNEL_GPA];
	struct {
		u8 low[MIB(1)];
		struct vring_desc desc[BLK_QUEUE];
		u16 avail[2 + BLK_QUEUE + 1];
		struct {
			_Alignas(4) u16 flags;
			u16 idx;
			struct vring_used_elem ring[BLK_QUEUE];
			u16 avail_event;
		} used;
		struct virtio_blk_outhdr head[BLK_QUEUE];
		u8 status[BLK_QUEUE];
		u8 data[BLK_QUEUE][4096];
	};
};

extern struct blk_test {
	union blk_mem *mem;
	struct vm vm;
	struct virtio_dev *dev;		/* started last */
	struct event *done;		/* its end of I/O */
	int image[NR_DISKS];
	unsigned int submits;		/* system calls that started I/O */
	bool in_pieces;			/* the host reads only a little at once */
} blk;

/* For cmocka's group. */
int blk_make_disks(void **state);

void blk_start(int disk);
void blk_start_with(int disk, u64 features);

/* A chain begins with descriptor @first; then it is put together, and offered. */
void blk_first_desc(u16 first);
void blk_put(const void *buffer, u32 len, u16 flags);
void blk_offer(u16 first);
void blk_kick(void);
/* What the device thread does until @nr requests in all have ended. */
void blk_run_until(u16 nr);

/* A whole request with its data in mem->data[0]; its status. */
u8 blk_request(u32 type, u64 sector, u32 len);
u8 blk_range(u32 type, u64 sector, u32 nr, u32 flags);
/* Offers @nr reads of sectors 0, 1, ... of three descriptors each. */
void blk_offer_reads(unsigned int nr);
u32 blk_used_len(void);
u8 blk_image_byte(int disk, u64 offset);

#endif /* TESTS_HOST_BLK_H */
