// SPDX-License-Identifier: GPL-2.0
/*
 * passt and what a driver of networks does: see net_ends.h; this is also in the place of
 * host/net_open.c.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fakes.h"
#include "net_ends.h"
#include "unit.h"

static struct net_link the_link;
struct event *event;
int passt;

struct net_link *link_open(const struct net_spec *spec)
{
	(void)spec;
	return &the_link;
}

void offer_in(unsigned int nr, u32 len)
{
	while (nr--)
		offer(RX, mem.queues[RX].avail[1] % SIZE, len,
		      VRING_DESC_F_WRITE);
	kick(RX);
}

void poll_link(void)
{
	struct pollfd fd = { .fd = the_link.fd, .events = event->events };

	while (fd.events && poll(&fd, 1, 0) > 0) {
		event->fn(event);
		fd.events = event->events;
	}
}

void passt_sends(const void *frame, u32 len)
{
	const __be32 length = htonl(len);

	assert_int_equal(write(passt, &length, sizeof(length)), sizeof(length));
	assert_int_equal(write(passt, frame, len), len);
}

int make_net(void **state)
{
	const struct net_spec spec = { .mac = { 2, 0, 0, 0, 0, 1 } };
	int ends[2];

	(void)state;
	fakes_reset();
	vm.nr_devices = vm.nr_routes = 0;
	memset(&the_link, 0, sizeof(the_link));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	the_link.fd = ends[0];
	the_link.stream = true;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	passt = ends[1];
	virtio_net_add(&vm, &spec);
	dev = vm.devices[0];
	event = fakes.events[0];
	return 0;
}

int drop_net(void **state)
{
	(void)state;
	close(the_link.fd);
	close(passt);
	free((u8 *)dev);
	return 0;
}

void small_socket(void)
{
	const int len = 4096;

	setsockopt(the_link.fd, SOL_SOCKET, SO_SNDBUF, &len, sizeof(len));
}
