// SPDX-License-Identifier: GPL-2.0
/*
 * Frames between "linux shell" and the guest: in pieces of any length, up to the
 * longest, and longer than any can be.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "unit.h"

static struct frames in, out;
static int ends[2];

static int make(void **state)
{
	(void)state;
	memset(&in, 0, sizeof(in));
	memset(&out, 0, sizeof(out));
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends);
}

static int drop(void **state)
{
	(void)state;
	close(ends[0]);
	return close(ends[1]);
}

static void whole_frames(void **state)
{
	struct frame frame;

	(void)state;
	frame_put(&out, FRAME_KEY, "0123456789abcdef", SHELL_KEY_LEN);
	frame_put(&out, FRAME_IN, NULL, 0);
	frame_flush(&out, ends[0]);
	assert_int_equal(out.at, out.len);
	assert_int_equal(frame_fill(&in, ends[1]), 1);
	assert_int_equal(frame_take(&in, &frame), 1);
	assert_int_equal(frame.kind, FRAME_KEY);
	assert_int_equal(frame.len, SHELL_KEY_LEN);
	assert_memory_equal(frame.data, "0123456789abcdef", SHELL_KEY_LEN);
	assert_int_equal(frame_take(&in, &frame), 1);
	assert_int_equal(frame.kind, FRAME_IN);
	assert_int_equal(frame.len, 0);
	assert_int_equal(frame_take(&in, &frame), 0);
	assert_int_equal(frame_fill(&in, ends[1]), 0);
	shutdown(ends[0], SHUT_WR);
	assert_int_equal(frame_fill(&in, ends[1]), -1);
}

static void a_byte_a_time(void **state)
{
	static const u8 bytes[] = { FRAME_OUT, 2, 0, 'h', 'i' };
	struct frame frame;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++) {
		assert_int_equal(frame_take(&in, &frame), 0);
		assert_int_equal(write(ends[0], bytes + i, 1), 1);
		assert_int_equal(frame_fill(&in, ends[1]), 1);
	}
	assert_int_equal(frame_take(&in, &frame), 1);
	assert_memory_equal(frame.data, "hi", 2);
}

/* Two of the longest fill the buffer; then there is room only after a flush. */
static void the_longest(void **state)
{
	static u8 bytes[FRAME_MAX];
	struct frame frame;
	unsigned int round;

	(void)state;
	for (round = 0; round < 5; round++) {
		memset(bytes, 'a' + round, sizeof(bytes));
		assert_true(frame_room(&out));
		frame_put(&out, FRAME_OUT, bytes, FRAME_MAX);
		assert_true(frame_room(&out));
		frame_put(&out, FRAME_ERR, bytes, FRAME_MAX);
		assert_false(frame_room(&out));
		frame_flush(&out, ends[0]);
		assert_true(frame_room(&out));
		assert_int_equal(frame_fill(&in, ends[1]), 1);
		assert_int_equal(frame_take(&in, &frame), 1);
		assert_memory_equal(frame.data, bytes, FRAME_MAX);
		assert_int_equal(frame_take(&in, &frame), 1);
		assert_int_equal(frame.kind, FRAME_ERR);
		assert_memory_equal(frame.data, bytes, FRAME_MAX);
	}
}

static void too_long(void **state)
{
	static const u8 bytes[] = { FRAME_OUT, (FRAME_MAX + 1) & 0xff, FRAME_MAX >> 8 };
	struct frame frame;

	(void)state;
	assert_int_equal(write(ends[0], bytes, sizeof(bytes)), sizeof(bytes));
	assert_int_equal(frame_fill(&in, ends[1]), 1);
	assert_int_equal(frame_take(&in, &frame), -1);
	assert_int_equal(frame_take(&in, &frame), -1);
}

#define CASE(fn)	cmocka_unit_test_setup_teardown(fn, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(whole_frames),
		CASE(a_byte_a_time),
		CASE(the_longest),
		CASE(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
