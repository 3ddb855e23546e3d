// SPDX-License-Identifier: GPL-2.0
/*
 * The disks and their driver, see blk.h.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "blk.h"
#include "virtio_blk.h"
#include "wrap.h"

static union blk_mem memory;

struct blk_test blk = {
	.mem = &memory,
	.vm.ram = { .host = memory.bytes, .low_len = sizeof(memory) },
};

static u16 next_desc;
static bool no_ring;

int __wrap_io_uring_queue_init(unsigned int entries, struct io_uring *ring,
			       unsigned int flags)
{
	return no_ring ? -EPERM :
			 __real_io_uring_queue_init(entries, ring, flags);
}

int __wrap_io_uring_submit(struct io_uring *ring)
{
	blk.submits++;
	return __real_io_uring_submit(ring);
}

/* A host that is interrupted, and then does only a little of it. */
ssize_t __wrap_preadv2(int fd, const struct iovec *iov, int nr, off_t offset,
		       int flags)
{
	struct iovec piece = *iov;
	static int calls;

	if (!blk.in_pieces)
		return __real_preadv2(fd, iov, nr, offset, flags);
	if (calls++ % 3 == 0) {
		errno = EINTR;
		return -1;
	}
	if (piece.iov_len > 700)
		piece.iov_len = 700;
	return __real_preadv2(fd, &piece, 1, offset, flags);
}

static u64 gpa_of(const void *p)
{
	return (const u8 *)p - memory.bytes;
}

void blk_first_desc(u16 first)
{
	next_desc = first;
}

void blk_put(const void *buffer, u32 len, u16 flags)
{
	blk.mem->desc[next_desc] = (struct vring_desc){
		gpa_of(buffer), len, flags, next_desc + 1 };
	next_desc++;
}

void blk_offer(u16 head)
{
	blk.mem->desc[next_desc - 1].flags &= ~VRING_DESC_F_NEXT;
	blk.mem->avail[2 + blk.mem->avail[1]++ % BLK_QUEUE] = head;
}

void blk_kick(void)
{
	struct event *bell = &blk.dev->queues[0].doorbell;

	event_signal(bell->fd);
	bell->fn(bell);
}

void blk_run_until(u16 nr)
{
	struct pollfd fd = { .fd = blk.done->fd, .events = POLLIN };

	while ((__s16)(nr - blk.mem->used.idx) > 0) {
		assert_int_equal(poll(&fd, 1, 5000), 1);
		blk.done->fn(blk.done);
	}
}

u8 blk_request(u32 type, u64 sector, u32 len)
{
	bool in = type == VIRTIO_BLK_T_IN || type == VIRTIO_BLK_T_GET_ID;

	blk_first_desc(0);
	blk.mem->head[0] = (struct virtio_blk_outhdr){ .type = type, .sector = sector };
	blk.mem->status[0] = 0x55;
	blk_put(&blk.mem->head[0], sizeof(blk.mem->head[0]), VRING_DESC_F_NEXT);
	if (len)
		blk_put(blk.mem->data[0], len, VRING_DESC_F_NEXT |
		    (in ? VRING_DESC_F_WRITE : 0));
	blk_put(&blk.mem->status[0], 1, VRING_DESC_F_WRITE);
	blk_offer(0);
	blk_kick();
	blk_run_until(blk.mem->avail[1]);
	return blk.mem->status[0];
}

u32 blk_used_len(void)
{
	return blk.mem->used.ring[(blk.mem->used.idx - 1) % BLK_QUEUE].len;
}

u8 blk_range(u32 type, u64 sector, u32 nr, u32 flags)
{
	const struct virtio_blk_discard_write_zeroes range = {
		.sector = sector, .num_sectors = nr, .flags = flags };

	memcpy(blk.mem->data[0], &range, sizeof(range));
	return blk_request(type, 0, sizeof(range));
}

u8 blk_image_byte(int disk, u64 offset)
{
	u8 byte = 0x77;

	assert_int_equal(pread(blk.image[disk], &byte, 1, offset), 1);
	return byte;
}

void blk_start_with(int disk, u64 features)
{
	const struct vm_route nowhere = { 0 };
	struct umkvm_queue queue = {
		.size = BLK_QUEUE,
		.desc_gpa = gpa_of(blk.mem->desc),
		.avail_gpa = gpa_of(blk.mem->avail),
		.used_gpa = gpa_of(&blk.mem->used),
	};

	memset(blk.mem, 0, sizeof(*blk.mem));
	blk.dev = blk.vm.devices[disk];
	blk.done = fakes.events[2 * disk];
	virtio_plug(blk.dev);
	assert_int_equal(virtio_set_features(blk.dev, features), 0);
	assert_int_equal(virtio_start(blk.dev, &queue, 1, &nowhere), 0);
	harness_message[0] = '\0';
}

void blk_start(int disk)
{
	blk_start_with(disk, 1ULL << VIRTIO_F_VERSION_1 |
		   (blk.vm.devices[disk]->ops->features & ~(1ULL << VIRTIO_RING_F_EVENT_IDX)));
}

int blk_make_disks(void **state)
{
	static char paths[NR_DISKS][32];
	struct disk_options opts = { .name = "ubda", .id = "a name of 20 letters" };
	int i;

	(void)state;
	for (i = 0; i < NR_DISKS; i++) {
		blk.image[i] = memfd_create("image", MFD_CLOEXEC);
		assert_int_equal(ftruncate(blk.image[i], IMAGE_LEN), 0);
		snprintf(paths[i], sizeof(paths[i]), "/proc/self/fd/%d", blk.image[i]);
		opts.path = paths[i];
		opts.read_only = i == READ_ONLY;
		no_ring = i == PLAIN;
		virtio_blk_add(&blk.vm, &opts);
	}
	return 0;
}

void blk_offer_reads(unsigned int nr)
{
	unsigned int i;

	blk_first_desc(0);
	for (i = 0; i < nr; i++) {
		u16 first = next_desc;

		blk.mem->head[i] = (struct virtio_blk_outhdr){ .sector = i };
		blk.mem->status[i] = 0x55;
		blk_put(&blk.mem->head[i], 16, VRING_DESC_F_NEXT);
		blk_put(blk.mem->data[i], 512, VRING_DESC_F_NEXT | VRING_DESC_F_WRITE);
		blk_put(&blk.mem->status[i], 1, VRING_DESC_F_WRITE);
		blk_offer(first);
	}
}
