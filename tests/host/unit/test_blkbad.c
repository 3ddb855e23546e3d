// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-blk with a guest or a host that does not do what it should: each
 * request ends once, with an error, or the queue breaks.
 */
#include <string.h>
#include <unistd.h>

#include "blk.h"

static void wrong_requests_fail(void **state)
{
	int disk;

	(void)state;
	for (disk = 0; disk < NR_DISKS; disk++) {
		blk_start(disk);
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, SECTORS, 512), 1);
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, SECTORS - 1, 1024), 1);
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, ~0ULL, 512), 1);
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, 1ULL << 55, 512), 1);
		assert_int_equal(blk_request(VIRTIO_BLK_T_OUT, ~0ULL, 4096), 1);
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, 0, 511), 1);
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, 0, 0), 1);
		assert_int_equal(blk_request(VIRTIO_BLK_T_OUT, 0, 513), 1);
		assert_int_equal(blk_request(999, 0, 512), VIRTIO_BLK_S_UNSUPP);
		assert_int_equal(blk_request(VIRTIO_BLK_T_SCSI_CMD, 0, 512), 2);
		blk_first_desc(0);
		blk_put(&blk.mem->head[0], 15, VRING_DESC_F_NEXT);
		blk_put(&blk.mem->status[0], 1, VRING_DESC_F_WRITE);
		blk_offer(0);
		blk_kick();
		blk_run_until(blk.mem->avail[1]);
		assert_int_equal(blk.mem->status[0], VIRTIO_BLK_S_IOERR);
		assert_string_equal(harness_message, "");
	}
	assert_int_equal(blk_request(VIRTIO_BLK_T_OUT, 0, 512), VIRTIO_BLK_S_IOERR);
	assert_int_equal(blk_range(VIRTIO_BLK_T_DISCARD, 0, 8, 0), 2);
}

static void wrong_ranges_fail(void **state)
{
	const u32 discard = VIRTIO_BLK_T_DISCARD;

	(void)state;
	blk_start(RING);
	assert_int_equal(blk_range(discard, SECTORS, 1, 0), 1);
	assert_int_equal(blk_range(discard, ~0ULL, ~0U, 0), 1);
	assert_int_equal(blk_range(discard, 1, SECTORS, 0), 1);
	assert_int_equal(blk_range(discard, 0, 0, 0), 1);
	assert_int_equal(blk_range(discard, 0, 1, 1), VIRTIO_BLK_S_UNSUPP);
	assert_int_equal(blk_range(VIRTIO_BLK_T_WRITE_ZEROES, 0, 1, 2), 2);
	assert_int_equal(blk_request(discard, 0, 15), VIRTIO_BLK_S_IOERR);
	assert_int_equal(blk_request(discard, 0, 32), VIRTIO_BLK_S_IOERR);
	blk_start_with(RING, 1ULL << VIRTIO_F_VERSION_1);
	assert_int_equal(blk_range(discard, 0, 1, 0), VIRTIO_BLK_S_UNSUPP);
}

static void no_place_for_the_status(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		blk_start(RING);
		blk_first_desc(0);
		blk_put(&blk.mem->head[0], 16, VRING_DESC_F_NEXT);
		blk_put(blk.mem->data[0], 512, VRING_DESC_F_NEXT);
		blk_put(&blk.mem->status[0], 0, i ? VRING_DESC_F_WRITE : 0);
		blk_offer(0);
		blk_kick();
		assert_int_equal(blk.mem->used.idx, 0);
		assert_true(blk.dev->status & VIRTIO_CONFIG_S_NEEDS_RESET);
		assert_non_null(strstr(harness_message, "without a status byte"));
	}
	blk_start(RING);
	assert_int_equal(blk_request(VIRTIO_BLK_T_IN, 0, 512), VIRTIO_BLK_S_OK);
}

/* The same buffers over and over: more than can be under way wait. */
static void heads_are_used_twice(void **state)
{
	unsigned int i;

	(void)state;
	blk_start(RING);
	blk_offer_reads(1);
	memset(blk.mem->avail, 0, sizeof(blk.mem->avail));
	for (i = 0; i < 20; i++) {
		blk.mem->avail[1] += BLK_QUEUE;
		blk_kick();
		while (blk.dev->queues[0].vq.next_avail != blk.mem->avail[1])
			blk_run_until(blk.mem->used.idx + 1);
	}
	blk_run_until(20 * BLK_QUEUE);
}

static void a_reset_drops_what_is_under_way(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 50; i++) {
		blk_start(RING);
		blk_offer_reads(5);
		blk_kick();
		virtio_reset(blk.dev);
		blk.done->fn(blk.done);
		assert_int_equal(blk.mem->used.idx, 0);
		assert_int_equal(blk.mem->status[4], 0x55);
	}
	blk_start(RING);
	assert_int_equal(blk_request(VIRTIO_BLK_T_IN, 0, 512), VIRTIO_BLK_S_OK);
}

static void errors_are_told_once(void **state)
{
	int disk;

	(void)state;
	for (disk = RING; disk <= PLAIN; disk++) {
		blk_start(disk);
		assert_int_equal(ftruncate(blk.image[disk], 4096), 0);
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, 100, 512), 1);
		assert_non_null(strstr(harness_message, "has become shorter"));
		assert_non_null(strstr(harness_message, "at byte 51200"));
		harness_message[0] = '\0';
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, 100, 512), 1);
		assert_string_equal(harness_message, "");
		assert_int_equal(blk_request(VIRTIO_BLK_T_IN, 7, 512), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_requests_fail),
		cmocka_unit_test(wrong_ranges_fail),
		cmocka_unit_test(no_place_for_the_status),
		cmocka_unit_test(heads_are_used_twice),
		cmocka_unit_test(a_reset_drops_what_is_under_way),
		cmocka_unit_test(errors_are_told_once),
	};

	return cmocka_run_group_tests_name("blk", tests, blk_make_disks, NULL);
}
