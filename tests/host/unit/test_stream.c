// SPDX-License-Identifier: GPL-2.0
/*
 * The ports "stdout" and "stderr": all bytes in order, to a reader that is slow,
 * that leaves, that comes back after a reset.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "condriver.h"
#include "fakes.h"
#include "virtio_console.h"
#include "unit.h"

#define PIPE_LEN	4096
#define OUT		2	/* the port "stdout" */

static struct event *output;
static int reader, real_output;

static int make_console(void **state)
{
	static struct port_spec specs[PORT_SPECS];

	(void)state;
	signal(SIGPIPE, SIG_IGN);	/* as signals_block() does */
	port_defaults(specs);
	virtio_console_add(&vm, specs, true);
	dev = vm.devices[0];
	output = fakes.events[2];	/* in the order of the ports */
	return 0;
}

/* Standard output is a pipe with room for one page. */
static int open_pipe(void **state)
{
	int ends[2];

	(void)state;
	fflush(stdout);
	real_output = dup(STDOUT_FILENO);
	if (pipe(ends) || fcntl(ends[1], F_SETPIPE_SZ, PIPE_LEN) != PIPE_LEN)
		return -1;
	dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	reader = ends[0];
	start();
	tell(OUT, VIRTIO_CONSOLE_PORT_OPEN, 1);
	return 0;
}

static int close_pipe(void **state)
{
	(void)state;
	dup2(real_output, STDOUT_FILENO);
	close(real_output);
	if (reader >= 0)
		close(reader);
	return 0;
}

static void take_bytes(u8 byte, size_t len)
{
	u8 bytes[PIPE_LEN];
	size_t i;

	assert_int_equal(read(reader, bytes, sizeof(bytes)), len);
	for (i = 0; i < len; i++)
		assert_int_equal(bytes[i], byte);
}

static void write_page(u8 byte)
{
	u8 page[PIPE_LEN];

	memset(page, byte, sizeof(page));
	write_out(TX2, page, sizeof(page));
}

static void streams_are_announced(void **state)
{
	(void)state;
	tell(OUT, VIRTIO_CONSOLE_PORT_READY, 1);
	assert_told(OUT, VIRTIO_CONSOLE_PORT_OPEN, 1);
	assert_told(OUT, VIRTIO_CONSOLE_PORT_NAME, 1);
	assert_told_nothing();
}

static void a_full_pipe_keeps_the_rest(void **state)
{
	(void)state;
	write_out(TX2, "a", 1);
	assert_int_equal(mem.queues[TX2].used.idx, 1);
	write_page('b');
	write_page('c');
	assert_int_equal(mem.queues[TX2].used.idx, 1);
	assert_int_equal(output->events, POLLOUT);
	/* A doorbell meanwhile changes nothing. */
	kick(TX2);
	take_bytes('a', 1);
	output->fn(output);
	assert_int_equal(mem.queues[TX2].used.idx, 2);
	take_bytes('b', PIPE_LEN);
	output->fn(output);
	take_bytes('c', PIPE_LEN);
	assert_int_equal(mem.queues[TX2].used.idx, 3);
	assert_int_equal(output->events, 0);
}

static void the_end_waits_for_the_reader(void **state)
{
	(void)state;
	write_page('a');
	write_out(TX2, "b", 1);
	assert_int_equal(mem.queues[TX2].used.idx, 1);
	take_bytes('a', PIPE_LEN);
	virtio_console_drain();
	take_bytes('b', 1);
	virtio_console_drain();
}

static void a_reset_drops_what_waits(void **state)
{
	(void)state;
	write_page('a');
	write_page('b');
	assert_int_equal(output->events, POLLOUT);
	start();
	assert_int_equal(output->events, 0);
	take_bytes('a', PIPE_LEN);
	/* As if poll() had said so before the reset */
	output->fn(output);
	write_out(TX2, "c", 1);
	take_bytes('c', 1);
}

/* The last one: a stream does not come back. */
static void the_reader_leaves(void **state)
{
	(void)state;
	write_page('a');
	write_page('b');
	close(reader);
	reader = -1;
	harness_message[0] = '\0';
	output->fn(output);
	assert_told(OUT, VIRTIO_CONSOLE_PORT_OPEN, 0);
	assert_told_nothing();
	assert_string_equal(harness_message, "");
	assert_int_equal(mem.queues[TX2].used.idx, 2);
	write_out(TX2, "c", 1);
	assert_int_equal(mem.queues[TX2].used.idx, 3);
	assert_int_equal(output->events, 0);
	virtio_console_drain();
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, open_pipe, close_pipe)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(streams_are_announced),
		TEST(a_full_pipe_keeps_the_rest),
		TEST(the_end_waits_for_the_reader),
		TEST(a_reset_drops_what_waits),
		TEST(the_reader_leaves),
	};

	return cmocka_run_group_tests_name("stream", tests, make_console, NULL);
}
