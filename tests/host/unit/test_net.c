// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-net on a stream as passt has it, which the test holds at the other
 * end: frames whole and in pieces, waiting in both directions, a guest and a
 * passt that do not keep to the rules.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net_ends.h"
#include "unit.h"

static void assert_nothing_came(void)
{
	u32 len;

	assert_null(take(RX, &len));
}

static void start_merging(void)
{
	start_with(1ULL << VIRTIO_NET_F_MRG_RXBUF);
}

static u8 *pattern(u32 len)
{
	static u8 bytes[NET_FRAME_MAX + 8];
	u32 i;

	for (i = 0; i < len; i++)
		bytes[i] = i * 7 + len;
	return bytes;
}

static u16 nr_buffers(const u8 *buffer)
{
	struct virtio_net_hdr_v1 head;

	memcpy(&head, buffer, sizeof(head));
	return head.num_buffers;
}

static void a_frame_arrives(void **state)
{
	const u8 *buffer;
	u32 len;

	(void)state;
	start_merging();
	offer_in(2, BUFFER);
	passt_sends(pattern(100), 100);
	poll_link();
	buffer = take(RX, &len);
	assert_non_null(buffer);
	assert_int_equal(len, HEAD + 100);
	assert_int_equal(nr_buffers(buffer), 1);
	assert_memory_equal(buffer + HEAD, pattern(100), 100);
	assert_nothing_came();
}

/* The driver sees the buffers of a frame together or not at all. */
static void a_large_frame_takes_several_buffers(void **state)
{
	const u32 total = 3 * BUFFER;
	const u8 *buffer;
	u32 len, at, i;

	(void)state;
	start_merging();
	offer_in(3, BUFFER);
	passt_sends(pattern(total), total);
	poll_link();
	assert_nothing_came();
	assert_int_equal(event->events, 0);
	offer_in(2, BUFFER);
	for (at = i = 0; i < 4; i++) {
		u32 head = i ? 0 : HEAD;

		buffer = take(RX, &len);
		assert_non_null(buffer);
		if (!i)
			assert_int_equal(nr_buffers(buffer), 4);
		assert_memory_equal(buffer + head, pattern(total) + at,
				    len - head);
		at += len - head;
	}
	assert_int_equal(at, total);
	assert_nothing_came();
}

static void without_buffers_the_link_is_not_read(void **state)
{
	u32 len;

	(void)state;
	start_merging();
	passt_sends(pattern(60), 60);
	poll_link();
	assert_int_equal(event->events, 0);
	passt_sends(pattern(61), 61);
	offer_in(1, BUFFER);
	assert_non_null(take(RX, &len));
	assert_int_equal(len, HEAD + 60);
	assert_int_equal(event->events, 0);
	offer_in(2, BUFFER);
	poll_link();
	assert_non_null(take(RX, &len));
	assert_int_equal(len, HEAD + 61);
	assert_int_equal(event->events, POLLIN);
}

static void frames_come_in_pieces(void **state)
{
	u8 stream[4 + 80] = { 0, 0, 0, 80 };
	size_t i;
	u32 len;

	(void)state;
	start_merging();
	offer_in(1, BUFFER);
	memcpy(stream + 4, pattern(80), 80);
	for (i = 0; i < sizeof(stream); i++) {
		assert_nothing_came();
		assert_int_equal(write(passt, &stream[i], 1), 1);
		poll_link();
	}
	assert_memory_equal(take(RX, &len) + HEAD, pattern(80), 80);
	assert_int_equal(len, HEAD + 80);
}

static void drivers_that_merge_nothing(void **state)
{
	u32 len;

	(void)state;
	start_with(0);
	offer_in(2, 100);
	passt_sends(pattern(200), 200);
	passt_sends(pattern(80), 80);
	poll_link();
	assert_non_null(take(RX, &len));
	assert_int_equal(len, 0);
	assert_int_equal(nr_buffers(take(RX, &len)), 1);
	assert_int_equal(len, HEAD + 80);
}

static void transmit(u32 len)
{
	u16 slot = mem.queues[TX].avail[1] % SIZE;

	memcpy(mem.queues[TX].buffer[slot] + HEAD, pattern(len), len);
	offer(TX, slot, HEAD + len, 0);
	kick(TX);
}

static void assert_passt_gets(u32 len)
{
	u8 bytes[4 + BUFFER];
	__be32 length;

	assert_int_equal(recv(passt, bytes, 4 + len, MSG_WAITALL), 4 + len);
	memcpy(&length, bytes, sizeof(length));
	assert_int_equal(ntohl(length), len);
	assert_memory_equal(bytes + 4, pattern(len), len);
}

static void a_frame_leaves(void **state)
{
	u32 len;

	(void)state;
	start_merging();
	transmit(ETH_HLEN);
	transmit(1514);
	assert_passt_gets(ETH_HLEN);
	assert_passt_gets(1514);
	assert_non_null(take(TX, &len));
	assert_non_null(take(TX, &len));
	assert_int_equal(len, 0);
}

/* What does not fit the socket stays in the queue, but for one frame. */
static void a_full_link_is_waited_for(void **state)
{
	unsigned int sent = 0, got;
	u32 len;

	(void)state;
	small_socket();
	start_merging();
	do {
		transmit(2000 + sent++);
	} while (take(TX, &len));
	assert_int_equal(event->events & POLLOUT, POLLOUT);
	for (got = 0; got < sent; got++) {
		assert_passt_gets(2000 + got);
		poll_link();
	}
	assert_non_null(take(TX, &len));
	assert_int_equal(event->events & POLLOUT, 0);
	transmit(70);
	assert_passt_gets(70);
}

static void wild_frames_are_dropped(void **state)
{
	struct queue *queue = &mem.queues[TX];
	u32 len;

	(void)state;
	start_merging();
	transmit(ETH_HLEN - 1);
	offer(TX, 1, 5, 0);
	kick(TX);
	offer(TX, 2, MIB(1), 0);
	queue->desc[2].addr = 0;
	kick(TX);
	offer(TX, 3, 100, VRING_DESC_F_WRITE);
	kick(TX);
	for (len = 0; len < 4; len++) {
		u32 written;

		assert_non_null(take(TX, &written));
		assert_int_equal(written, 0);
	}
	transmit(60);
	assert_passt_gets(60);
}

static void a_buffer_without_room_breaks_the_queue(void **state)
{
	(void)state;
	start_merging();
	offer_in(1, HEAD - 1);
	passt_sends(pattern(60), 60);
	poll_link();
	assert_non_null(strstr(harness_message, "no room for a header"));
	assert_nothing_came();
	assert_int_equal(event->events, 0);
	/* The frame is there for the driver that comes after the reset. */
	start_merging();
	offer_in(1, BUFFER);
	poll_link();
	assert_int_equal(mem.queues[RX].used.idx, 1);
}

static void a_frame_starts_again_after_a_reset(void **state)
{
	const u8 *buffer;
	u32 len;

	(void)state;
	start_merging();
	offer_in(1, 100);
	passt_sends(pattern(150), 150);
	poll_link();
	start_merging();
	offer_in(1, BUFFER);
	poll_link();
	buffer = take(RX, &len);
	assert_non_null(buffer);
	assert_int_equal(len, HEAD + 150);
	assert_int_equal(nr_buffers(buffer), 1);
	assert_memory_equal(buffer + HEAD, pattern(150), 150);
}

static void assert_down(void)
{
	u32 len;

	assert_int_equal(dev->config[offsetof(struct virtio_net_config, status)],
			 0);
	assert_non_null(strstr(harness_message, "the guest's network is down"));
	assert_int_equal(event->events, 0);
	transmit(60);
	assert_non_null(take(TX, &len));
}

static void the_link_goes_down_with_passt(void **state)
{
	(void)state;
	start_merging();
	offer_in(1, BUFFER);
	assert_int_equal(dev->config[offsetof(struct virtio_net_config, status)],
			 VIRTIO_NET_S_LINK_UP);
	shutdown(passt, SHUT_RDWR);
	poll_link();
	assert_down();
	/* It stays down after a reboot. */
	start_merging();
	transmit(60);
	assert_down();
}

static void nonsense_from_passt_is_its_end(void **state)
{
	const __be32 length = htonl(NET_FRAME_MAX + 1);

	(void)state;
	start_merging();
	offer_in(1, BUFFER);
	assert_int_equal(write(passt, &length, sizeof(length)), sizeof(length));
	poll_link();
	assert_down();
}

#define net_test(name)	cmocka_unit_test_setup_teardown(name, make_net, drop_net)

int main(void)
{
	const struct CMUnitTest tests[] = {
		net_test(a_frame_arrives),
		net_test(a_large_frame_takes_several_buffers),
		net_test(without_buffers_the_link_is_not_read),
		net_test(frames_come_in_pieces),
		net_test(drivers_that_merge_nothing),
		net_test(a_frame_leaves),
		net_test(a_full_link_is_waited_for),
		net_test(wild_frames_are_dropped),
		net_test(a_buffer_without_room_breaks_the_queue),
		net_test(a_frame_starts_again_after_a_reset),
		net_test(the_link_goes_down_with_passt),
		net_test(nonsense_from_passt_is_its_end),
	};

	/* As in the shim: a broken stream is an error, not a signal. */
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
