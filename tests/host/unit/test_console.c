// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-console: the conversation with the driver, the two ways of standard
 * input, and a guest that does not keep to the rules.
 */
#include <linux/virtio_console.h>
#include <string.h>

#include "fakes.h"
#include "virtio.h"
#include "virtio_console.h"
#include "unit.h"

#define SIZE	16
#define BUFFER	64

enum { RX0, TX0, RX_CONTROL, TX_CONTROL, RX1, TX1, NR_QUEUES };

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

static union {
	u8 bytes[UMKVM_KERNEL_GPA];
	struct {
		u8 low[MIB(1)];
		struct queue queues[NR_QUEUES];
	};
} mem;

static struct vm vm = {
	.ram = { .host = mem.bytes, .low_len = sizeof(mem) },
};

static struct virtio_dev *dev;
static struct event *input;

static u64 gpa_of(const void *p)
{
	return (const u8 *)p - mem.bytes;
}

static void kick(unsigned int queue)
{
	struct event *bell = &dev->queues[queue].doorbell;

	event_signal(bell->fd);
	bell->fn(bell);
}

static void offer(unsigned int nr, u16 slot, u32 len, u16 flags)
{
	struct queue *queue = &mem.queues[nr];

	queue->desc[slot] = (struct vring_desc){
		gpa_of(queue->buffer[slot]), len, flags, 0 };
	queue->avail[2 + queue->avail[1]++ % SIZE] = slot;
}

static void fill(unsigned int nr)
{
	u16 slot;

	for (slot = 0; slot < SIZE; slot++)
		offer(nr, slot, BUFFER, VRING_DESC_F_WRITE);
	kick(nr);
}

/* The next completed in-buffer, which is offered again; NULL: none. */
static const u8 *take(unsigned int nr, u32 *len)
{
	struct queue *queue = &mem.queues[nr];
	static u8 copy[BUFFER];
	struct vring_used_elem *elem;

	if (queue->seen == queue->used.idx)
		return NULL;
	elem = &queue->used.ring[queue->seen++ % SIZE];
	*len = elem->len;
	memcpy(copy, queue->buffer[elem->id], BUFFER);
	offer(nr, elem->id, BUFFER, VRING_DESC_F_WRITE);
	return copy;
}

static void write_out(unsigned int nr, const void *data, u32 len)
{
	struct queue *queue = &mem.queues[nr];
	u16 slot = queue->avail[1] % SIZE;

	memcpy(queue->buffer[slot], data, len);
	offer(nr, slot, len, 0);
	kick(nr);
}

static void tell(u32 id, u16 event, u16 value)
{
	const struct virtio_console_control msg = { id, event, value };

	write_out(TX_CONTROL, &msg, sizeof(msg));
}

static void assert_told(u32 id, u16 event, u16 value)
{
	struct virtio_console_control msg;
	const u8 *buffer;
	u32 len;

	buffer = take(RX_CONTROL, &len);
	assert_non_null(buffer);
	memcpy(&msg, buffer, sizeof(msg));
	assert_int_equal(msg.id, id);
	assert_int_equal(msg.event, event);
	assert_int_equal(msg.value, value);
	kick(RX_CONTROL);
}

static void assert_told_nothing(void)
{
	u32 len;

	assert_null(take(RX_CONTROL, &len));
}

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

static void start(void)
{
	struct umkvm_queue queues[NR_QUEUES];
	const struct vm_route nowhere = { 0 };
	unsigned int i;

	memset(&mem, 0, sizeof(mem));
	virtio_plug(dev);
	assert_int_equal(virtio_set_features(dev, 1ULL << VIRTIO_F_VERSION_1 |
					     1ULL << VIRTIO_CONSOLE_F_MULTIPORT), 0);
	for (i = 0; i < NR_QUEUES; i++)
		queues[i] = (struct umkvm_queue){
			.index = i,
			.size = SIZE,
			.desc_gpa = gpa_of(mem.queues[i].desc),
			.avail_gpa = gpa_of(mem.queues[i].avail),
			.used_gpa = gpa_of(&mem.queues[i].used),
		};
	assert_int_equal(virtio_start(dev, queues, NR_QUEUES, &nowhere), 0);
	fill(RX_CONTROL);
}

/* There is one console in a process: it is made once, and plugged per test. */
static int make_console(void **state)
{
	(void)state;
	virtio_console_add(&vm, true);
	dev = vm.devices[0];
	input = fakes.events[0];
	return 0;
}

static void open_ports(bool console, bool stream)
{
	u32 len;

	start();
	tell(0, VIRTIO_CONSOLE_DEVICE_READY, 1);
	tell(0, VIRTIO_CONSOLE_PORT_READY, 1);
	tell(1, VIRTIO_CONSOLE_PORT_READY, 1);
	if (console)
		tell(0, VIRTIO_CONSOLE_PORT_OPEN, 1);
	if (stream)
		tell(1, VIRTIO_CONSOLE_PORT_OPEN, 1);
	while (take(RX_CONTROL, &len))
		kick(RX_CONTROL);
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
	tell(0, VIRTIO_CONSOLE_PORT_READY, 1);
	assert_told(0, VIRTIO_CONSOLE_CONSOLE_PORT, 1);
	assert_told(0, VIRTIO_CONSOLE_RESIZE, 1);
	assert_told(0, VIRTIO_CONSOLE_PORT_OPEN, 1);
	tell(1, VIRTIO_CONSOLE_PORT_READY, 1);
	assert_told(1, VIRTIO_CONSOLE_PORT_OPEN, 1);
	assert_told(1, VIRTIO_CONSOLE_PORT_NAME, 1);
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
	got = take(RX0, &len);
	assert_non_null(got);
	assert_int_equal(len, 3);
	assert_memory_equal(got, "ls\n", 3);
	assert_null(take(RX0, &len));
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
	got = take(RX1, &len);
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
	got = take(RX0, &len);
	assert_non_null(got);
	assert_int_equal(len, 1);
	assert_int_equal(got[0], 4);
	kick(RX0);
	assert_null(take(RX0, &len));
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
	tell(2, VIRTIO_CONSOLE_PORT_READY, 1);
	tell(~0U, VIRTIO_CONSOLE_PORT_OPEN, 1);
	tell(0, 999, 1);
	tell(0, VIRTIO_CONSOLE_PORT_READY, 0);
	write_out(TX_CONTROL, "short", 5);
	assert_told_nothing();
	assert_int_equal(mem.queues[TX_CONTROL].used.idx,
			 mem.queues[TX_CONTROL].avail[1]);
}

static void the_page_says_when_the_console_is_open(void **state)
{
	const struct umkvm_device *page = (void *)(mem.bytes + UMKVM_DEVICES_GPA);

	(void)state;
	start();
	tell(1, VIRTIO_CONSOLE_PORT_OPEN, 1);
	assert_int_equal(page->opened, 0);
	tell(0, VIRTIO_CONSOLE_PORT_OPEN, 1);
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
		cmocka_unit_test(the_page_says_when_the_console_is_open),
		cmocka_unit_test(broken_queues_need_a_reset),
	};

	return cmocka_run_group_tests_name("console", tests, make_console, NULL);
}
