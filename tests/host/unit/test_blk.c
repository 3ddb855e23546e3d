// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-blk on a file, with io_uring and without: data comes out as it went
 * in, and what the guest asks for happens to the image.
 */
#include <string.h>
#include <unistd.h>

#include "blk.h"

static void configuration(void **state)
{
	struct virtio_blk_config config;

	(void)state;
	blk_start(RING);
	memcpy(&config, blk.dev->config, sizeof(config));
	assert_int_equal(config.capacity, SECTORS);
	assert_int_equal(config.blk_size, 512);
	assert_int_equal(config.seg_max, VIRTQ_CHAIN_MAX - 2);
	assert_int_equal(config.max_discard_seg, 1);
	assert_false(blk.dev->ops->features & 1ULL << VIRTIO_BLK_F_RO);
	blk_start(READ_ONLY);
	assert_true(blk.dev->ops->features & 1ULL << VIRTIO_BLK_F_RO);
	assert_false(blk.dev->ops->features & (1ULL << VIRTIO_BLK_F_DISCARD |
					   1ULL << VIRTIO_BLK_F_WRITE_ZEROES));
}

static void data_comes_back(void **state)
{
	int disk;

	(void)state;
	for (disk = RING; disk <= PLAIN; disk++) {
		blk_start(disk);
		memset(blk.mem->data[0], 'a' + disk, 1024);
		assert_int_equal(blk_request(VIRTIO_BLK_T_OUT, 3, 1024), 0);
		assert_int_equal(blk_used_len(), 1);
		assert_int_equal(blk_image_byte(disk, 3 * 512 - 1), 0);
		assert_int_equal(blk_image_byte(disk, 3 * 512), 'a' + disk);
		assert_int_equal(blk_image_byte(disk, 5 * 512 - 1), 'a' + disk);
		assert_int_equal(blk_image_byte(disk, 5 * 512), 0);
		assert_int_equal(blk_request(VIRTIO_BLK_T_FLUSH, 0, 0), 0);
		memset(blk.mem->data[0], 0, 1024);
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, 3, 1024), 0);
		assert_int_equal(blk_used_len(), 1025);
		assert_int_equal(blk.mem->data[0][0], 'a' + disk);
		assert_int_equal(blk.mem->data[0][1023], 'a' + disk);
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, SECTORS - 1, 512), 0);
	}
}

/* No framing is promised: a byte here, the status behind the data. */
static void odd_buffers_are_taken(void **state)
{
	int disk;

	(void)state;
	for (disk = RING; disk <= PLAIN; disk++) {
		blk_start(disk);
		memset(blk.mem->data[1], 'x', 512);
		assert_int_equal(pwrite(blk.image[disk], blk.mem->data[1], 512, 4096), 512);
		blk_first_desc(0);
		blk.mem->head[0].sector = 8;
		blk_put(&blk.mem->head[0], 1, VRING_DESC_F_NEXT);
		blk_put((u8 *)&blk.mem->head[0] + 1, 15, VRING_DESC_F_NEXT);
		blk_put(blk.mem->data[0], 500, VRING_DESC_F_NEXT | VRING_DESC_F_WRITE);
		blk_put(blk.mem->data[0] + 500, 13, VRING_DESC_F_WRITE);
		blk_offer(0);
		blk.in_pieces = true;
		blk_kick();
		blk_run_until(1);
		blk.in_pieces = false;
		assert_int_equal(blk_used_len(), 513);
		assert_memory_equal(blk.mem->data[0], blk.mem->data[1], 512);
		assert_int_equal(blk.mem->data[0][512], VIRTIO_BLK_S_OK);
	}
}

static void pieces_are_put_together(void **state)
{
	unsigned int i;

	(void)state;
	blk_start(PLAIN);
	for (i = 0; i < 4096; i++)
		blk.mem->data[1][i] = i * 7;
	assert_int_equal(pwrite(blk.image[PLAIN], blk.mem->data[1], 4096, 8192), 4096);
	blk.in_pieces = true;
	assert_int_equal(blk_request(VIRTIO_BLK_T_IN, 16, 4096), VIRTIO_BLK_S_OK);
	blk.in_pieces = false;
	assert_memory_equal(blk.mem->data[0], blk.mem->data[1], 4096);
}

static void ranges_are_zeroed(void **state)
{
	static const u32 flags[] = { 0, VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP };
	unsigned int i;
	int disk;

	(void)state;
	for (disk = RING; disk <= PLAIN; disk++) {
		blk_start(disk);
		for (i = 0; i < ARRAY_SIZE(flags); i++) {
			memset(blk.mem->data[0], 'z', 4096);
			assert_int_equal(blk_request(VIRTIO_BLK_T_OUT, 64, 4096), 0);
			assert_int_equal(blk_range(VIRTIO_BLK_T_WRITE_ZEROES,
						       65, 6, flags[i]), 0);
			assert_int_equal(blk_image_byte(disk, 65 * 512 - 1), 'z');
			assert_int_equal(blk_image_byte(disk, 65 * 512), 0);
			assert_int_equal(blk_image_byte(disk, 71 * 512 - 1), 0);
			assert_int_equal(blk_image_byte(disk, 71 * 512), 'z');
		}
		assert_int_equal(blk_range(VIRTIO_BLK_T_DISCARD, 64, 8, 0), 0);
		assert_int_equal(blk_range(VIRTIO_BLK_T_WRITE_ZEROES, 0,
					       SECTORS, 0), 0);
	}
}

static void the_name_is_told(void **state)
{
	(void)state;
	blk_start(RING);
	assert_int_equal(blk_request(VIRTIO_BLK_T_GET_ID, 0, 20), VIRTIO_BLK_S_OK);
	assert_memory_equal(blk.mem->data[0], "a name of 20 letters", 20);
	assert_int_equal(blk_used_len(), 21);
	memset(blk.mem->data[0], 0x55, 20);
	assert_int_equal(blk_request(VIRTIO_BLK_T_GET_ID, 0, 6), VIRTIO_BLK_S_OK);
	assert_memory_equal(blk.mem->data[0], "a name\x55", 7);
	assert_int_equal(blk_request(VIRTIO_BLK_T_GET_ID, 0, 0), VIRTIO_BLK_S_OK);
}

/* Several in the queue: one system call starts all, each ends once. */
static void batches_end_once(void **state)
{
	unsigned int i, seen = 0;

	(void)state;
	blk_start(PLAIN);
	blk_offer_reads(5);
	fakes.signals = 0;
	blk_kick();
	assert_int_equal(blk.mem->used.idx, 5);
	/* the doorbell itself, and the interrupt */
	assert_int_equal(fakes.signals, 2);
	blk_start(RING);
	blk_offer_reads(5);
	blk.submits = 0;
	blk_kick();
	assert_int_equal(blk.submits, 1);
	blk_run_until(5);
	for (i = 0; i < 5; i++) {
		seen |= 1U << blk.mem->used.ring[i].id / 3;
		assert_int_equal(blk.mem->status[i], VIRTIO_BLK_S_OK);
	}
	assert_int_equal(seen, 0x1f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configuration),
		cmocka_unit_test(data_comes_back),
		cmocka_unit_test(odd_buffers_are_taken),
		cmocka_unit_test(pieces_are_put_together),
		cmocka_unit_test(ranges_are_zeroed),
		cmocka_unit_test(the_name_is_told),
		cmocka_unit_test(batches_end_once),
	};

	return cmocka_run_group_tests_name("blk", tests, blk_make_disks, NULL);
}
