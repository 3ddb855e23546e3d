// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-console: the conversation with the driver, the two ways of standard
 * input, and a guest that does not keep to the rules.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "condriver.h"
#include "fakes.h"
#include "virtio_console.h"
#include "unit.h"

static struct event *input, *input2, *client;
static struct sockaddr_un addr = { .sun_family = AF_UNIX };

static void set_input(const char *text, bool open)
{
	fakes.input = (const u8 *)text;
	fakes.input_len = strlen(text);
	fakes.input_open = open;
}

/* What the device thread does when standard input is readable. */
static void poll_input(void)
{
	while (input->events && (fakes.input_len || !fakes.input_open))
		input->fn(input);
}

/* There is one console in a process: it is made once, and plugged per test. */
static int make_console(void **state)
{
	static struct port_spec specs[PORT_SPECS];
	static char con1[sizeof(addr.sun_path)];

	(void)state;
	signal(SIGPIPE, SIG_IGN);	/* as signals_block() does */
	snprintf(con1, sizeof(con1), "con1=unix:/tmp/test_console.%d", getpid());
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s",
		 con1 + strlen("con1=unix:"));
	port_defaults(specs);
	assert_true(port_parse(specs, con1));
	virtio_console_add(&vm, specs, false);
	dev = vm.devices[0];
	/* In the order of the ports */
	input = fakes.events[1];
	input2 = fakes.events[2];
	client = fakes.events[3];
	return 0;
}

static int remove_socket(void **state)
{
	(void)state;
	return unlink(addr.sun_path);
}

static void open_ports(bool console, bool stream)
{
	u32 len;

	start();
	tell(0, VIRTIO_CONSOLE_DEVICE_READY, 1);
	tell(0, VIRTIO_CONSOLE_PORT_READY, 1);
	tell(1, VIRTIO_CONSOLE_PORT_READY, 1);
	tell(2, VIRTIO_CONSOLE_PORT_READY, 1);
	if (console) {
		tell(0, VIRTIO_CONSOLE_PORT_OPEN, 1);
		tell(2, VIRTIO_CONSOLE_PORT_OPEN, 1);
	}
	if (stream)
		tell(1, VIRTIO_CONSOLE_PORT_OPEN, 1);
	while (retake(RX_CONTROL, &len))
		kick(RX_CONTROL);
}

static int connect_client(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (const void *)&addr, sizeof(addr)), 0);
	client->fn(client);
	return fd;
}

/* "": it is at its end. */
static void assert_read(int fd, const char *text)
{
	char buffer[64] = "";

	assert_int_equal(read(fd, buffer, sizeof(buffer)), strlen(text));
	assert_string_equal(buffer, text);
}

static void ports_are_announced_in_order(void **state)
{
	(void)state;
	fakes.is_tty = true;
	start();
	assert_told_nothing();
	tell(0, VIRTIO_CONSOLE_DEVICE_READY, 1);
	assert_told(0, VIRTIO_CONSOLE_PORT_ADD, 1);
	assert_told(1, VIRTIO_CONSOLE_PORT_ADD, 1);
	assert_told(2, VIRTIO_CONSOLE_PORT_ADD, 1);
	tell(0, VIRTIO_CONSOLE_PORT_READY, 1);
	assert_told(0, VIRTIO_CONSOLE_CONSOLE_PORT, 1);
	assert_told(0, VIRTIO_CONSOLE_RESIZE, 1);
	assert_told(0, VIRTIO_CONSOLE_PORT_OPEN, 1);
	tell(1, VIRTIO_CONSOLE_PORT_READY, 1);
	assert_told(1, VIRTIO_CONSOLE_PORT_OPEN, 1);
	assert_told(1, VIRTIO_CONSOLE_PORT_NAME, 1);
	tell(2, VIRTIO_CONSOLE_PORT_READY, 1);
	assert_told(2, VIRTIO_CONSOLE_CONSOLE_PORT, 1);
	assert_told(2, VIRTIO_CONSOLE_PORT_OPEN, 1);
	assert_told(2, VIRTIO_CONSOLE_PORT_NAME, 1);
	assert_told_nothing();
	fakes.is_tty = false;
}

static void output_is_exact(void **state)
{
	static const char bytes[] = "a\0b\r\n\377";

	(void)state;
	open_ports(true, true);
	fakes.output_len = 0;
	write_out(TX0, bytes, sizeof(bytes));
	write_out(TX1, "dropped", 7);
	assert_int_equal(fakes.output_len, sizeof(bytes));
	assert_memory_equal(fakes.output, bytes, sizeof(bytes));
	assert_int_equal(mem.queues[TX0].used.idx, 1);
	assert_int_equal(mem.queues[TX1].used.idx, 1);
}

static void input_waits_for_buffers(void **state)
{
	const u8 *got;
	u32 len;

	(void)state;
	set_input("ls\n", true);
	open_ports(true, false);
	assert_int_equal(input->events, POLLIN);
	poll_input();
	assert_int_equal(input->events, 0);
	set_input("more", true);
	fill(RX0);
	assert_int_equal(input->events, POLLIN);
	got = retake(RX0, &len);
	assert_non_null(got);
	assert_int_equal(len, 3);
	assert_memory_equal(got, "ls\n", 3);
	assert_null(retake(RX0, &len));
}

static void input_goes_to_the_stream(void **state)
{
	const u8 *got;
	u32 len;

	(void)state;
	set_input("hello", false);
	open_ports(true, true);
	fill(RX1);
	poll_input();
	got = retake(RX1, &len);
	assert_non_null(got);
	assert_int_equal(len, 5);
	assert_memory_equal(got, "hello", 5);
	assert_told(1, VIRTIO_CONSOLE_PORT_OPEN, 0);
	assert_told_nothing();
	kick(RX1);
	assert_told_nothing();
	assert_int_equal(input->events, 0);
}

/* Runs after the stream has seen the end of input, which is for ever. */
static void the_console_gets_the_end(void **state)
{
	const u8 *got;
	u32 len;

	(void)state;
	open_ports(true, false);
	fill(RX0);
	got = retake(RX0, &len);
	assert_non_null(got);
	assert_int_equal(len, 1);
	assert_int_equal(got[0], 4);
	kick(RX0);
	assert_null(retake(RX0, &len));
}

static void messages_owed_are_few(void **state)
{
	unsigned int i;

	(void)state;
	open_ports(false, false);
	/* Take all buffers away: the device has to keep what it owes. */
	mem.queues[RX_CONTROL].avail[1] = mem.queues[RX_CONTROL].seen;
	dev->queues[RX_CONTROL].vq.next_avail = mem.queues[RX_CONTROL].avail[1];
	for (i = 0; i < 1000; i++)
		tell(1, VIRTIO_CONSOLE_PORT_READY, 1);
	assert_told_nothing();
	fill(RX_CONTROL);
	/* Its standing is "closed", because standard input is at its end. */
	assert_told(1, VIRTIO_CONSOLE_PORT_OPEN, 0);
	assert_told(1, VIRTIO_CONSOLE_PORT_NAME, 1);
	assert_told_nothing();
}

static void wild_messages_are_ignored(void **state)
{
	(void)state;
	open_ports(false, false);
	tell(3, VIRTIO_CONSOLE_PORT_READY, 1);
	tell(~0U, VIRTIO_CONSOLE_PORT_OPEN, 1);
	tell(0, 999, 1);
	tell(0, VIRTIO_CONSOLE_PORT_READY, 0);
	write_out(TX_CONTROL, "short", 5);
	assert_told_nothing();
	assert_int_equal(mem.queues[TX_CONTROL].used.idx,
			 mem.queues[TX_CONTROL].avail[1]);
}

static void the_page_says_when_all_consoles_are_open(void **state)
{
	const struct umkvm_device *page = (void *)(mem.bytes + UMKVM_DEVICES_GPA);

	(void)state;
	start();
	tell(1, VIRTIO_CONSOLE_PORT_OPEN, 1);
	assert_int_equal(page->opened, 0);
	tell(0, VIRTIO_CONSOLE_PORT_OPEN, 1);
	assert_int_equal(page->opened, 0);
	tell(2, VIRTIO_CONSOLE_PORT_OPEN, 1);
	assert_int_equal(page->opened, 1);
	tell(0, VIRTIO_CONSOLE_PORT_OPEN, 0);
	assert_int_equal(page->opened, 0);
	tell(0, VIRTIO_CONSOLE_PORT_OPEN, 1);
	start();
	assert_int_equal(page->opened, 0);
}

static void broken_queues_need_a_reset(void **state)
{
	const struct umkvm_device *page = (void *)(mem.bytes + UMKVM_DEVICES_GPA);

	(void)state;
	open_ports(true, false);
	mem.queues[TX0].avail[1] += SIZE + 1;
	harness_message[0] = '\0';
	kick(TX0);
	assert_true(page->status & VIRTIO_CONFIG_S_NEEDS_RESET);
	assert_non_null(strstr(harness_message, "queue"));
	harness_message[0] = '\0';
	kick(TX0);
	kick(TX_CONTROL);
	assert_string_equal(harness_message, "");
	start();
	assert_false(page->status & VIRTIO_CONFIG_S_NEEDS_RESET);
}

/* The second console is a socket: nobody, a client, nobody, the next one. */
static void a_socket_has_clients(void **state)
{
	const u8 *got;
	int fd, next;
	u32 len;

	(void)state;
	open_ports(true, false);
	fill(RX2);
	write_out(TX2, "lost", 4);
	assert_int_equal(mem.queues[TX2].used.idx, 1);
	assert_int_equal(input2->events, 0);
	fd = connect_client();
	assert_int_equal(input2->events, POLLIN);
	write_out(TX2, "hello", 5);
	assert_read(fd, "hello");
	assert_int_equal(write(fd, "ls", 2), 2);
	input2->fn(input2);
	got = retake(RX2, &len);
	assert_non_null(got);
	assert_memory_equal(got, "ls", len);
	/* While it is there no other is let in. */
	next = connect_client();
	assert_read(next, "");
	close(next);
	/* Its end of input is not the end of output, nor the guest's business. */
	shutdown(fd, SHUT_WR);
	input2->fn(input2);
	assert_int_equal(input2->events, 0);
	assert_null(retake(RX2, &len));
	write_out(TX2, "bye", 3);
	assert_read(fd, "bye");
	next = connect_client();
	assert_int_equal(input2->events, POLLIN);
	write_out(TX2, "again", 5);
	assert_read(next, "again");
	assert_read(fd, "");
	close(fd);
	close(next);
	write_out(TX2, "gone", 4);
	assert_told_nothing();
	fd = connect_client();
	write_out(TX2, "third", 5);
	assert_read(fd, "third");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_are_announced_in_order),
		cmocka_unit_test(output_is_exact),
		cmocka_unit_test(input_waits_for_buffers),
		cmocka_unit_test(input_goes_to_the_stream),
		cmocka_unit_test(the_console_gets_the_end),
		cmocka_unit_test(messages_owed_are_few),
		cmocka_unit_test(wild_messages_are_ignored),
		cmocka_unit_test(the_page_says_when_all_consoles_are_open),
		cmocka_unit_test(broken_queues_need_a_reset),
		cmocka_unit_test(a_socket_has_clients),
	};

	return cmocka_run_group_tests_name("console", tests, make_console,
					   remove_socket);
}
