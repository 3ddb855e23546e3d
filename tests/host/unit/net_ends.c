// SPDX-License-Identifier: GPL-2.0
/*
 * The driver and passt, see net_ends.h; this is also in the place of
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

static struct net_link the_link;
struct queue *queues = mem.queues;
struct virtio_dev *dev;
struct event *event;
int passt;

struct net_link *link_open(const struct net_spec *spec)
{
	(void)spec;
	return &the_link;
}

static u64 gpa_of(const void *p)
{
	return (const u8 *)p - mem.bytes;
}

void kick(unsigned int queue)
{
	struct event *bell = &dev->queues[queue].doorbell;

	event_signal(bell->fd);
	bell->fn(bell);
}

void offer(unsigned int nr, u16 slot, u32 len, u16 flags)
{
	struct queue *queue = &mem.queues[nr];

	queue->desc[slot] = (struct vring_desc){
		gpa_of(queue->buffer[slot]), len, flags, 0 };
	queue->avail[2 + queue->avail[1]++ % SIZE] = slot;
}

void offer_in(unsigned int nr, u32 len)
{
	while (nr--)
		offer(RX, mem.queues[RX].avail[1] % SIZE, len,
		      VRING_DESC_F_WRITE);
	kick(RX);
}

const u8 *take(unsigned int nr, u32 *len)
{
	struct queue *queue = &mem.queues[nr];
	struct vring_used_elem *elem;

	if (queue->seen == queue->used.idx)
		return NULL;
	elem = &queue->used.ring[queue->seen++ % SIZE];
	*len = elem->len;
	return queue->buffer[elem->id];
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

void start(u64 features)
{
	struct umkvm_queue places[NR_QUEUES];
	const struct vm_route nowhere = { 0 };
	unsigned int i;

	memset(&mem, 0, sizeof(mem));
	virtio_plug(dev);
	assert_int_equal(virtio_set_features(dev, 1ULL << VIRTIO_F_VERSION_1 |
					     features), 0);
	for (i = 0; i < NR_QUEUES; i++)
		places[i] = (struct umkvm_queue){
			.index = i,
			.size = SIZE,
			.desc_gpa = gpa_of(mem.queues[i].desc),
			.avail_gpa = gpa_of(mem.queues[i].avail),
			.used_gpa = gpa_of(&mem.queues[i].used),
		};
	assert_int_equal(virtio_start(dev, places, NR_QUEUES, &nowhere), 0);
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
