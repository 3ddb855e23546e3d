// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-net between any guest memory and any stream of passt: the input is
 * the queues' place and features, what passt sends, then the memory, then which
 * doorbell rings when.  Nothing outside of RAM may be touched, and every call
 * has to come back.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fakes.h"
#include "harness.h"
#include "virtio.h"
#include "virtio_net.h"

#define NR_QUEUES	2
#define RAM_LEN		KIB(256)
#define DATA_GPA	KIB(192)

/* What the first bytes of the input mean. */
struct plan {
	u8 features;
	u8 bells[16];
	u8 stream_len;
	struct umkvm_queue queues[NR_QUEUES];
};

static struct vm vm;
static struct net_link the_link;
static int passt;

/* In the place of net_open.c */
struct net_link *link_open(const struct net_spec *spec)
{
	(void)spec;
	return &the_link;
}

/* RAM ends where the next page cannot be touched. */
static void set_up(void)
{
	const struct net_spec spec = { .mac = { 2, 0, 0, 0, 0, 1 } };

	signal(SIGPIPE, SIG_IGN);
	vm.ram.low_len = RAM_LEN;
	vm.ram.host = mmap(NULL, RAM_LEN + PAGE_LEN, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(vm.ram.host + RAM_LEN, PAGE_LEN, PROT_NONE);
	virtio_net_add(&vm, &spec);
}

static void connect_link(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends))
		abort();
	the_link.fd = ends[0];
	the_link.stream = true;
	the_link.gone = false;
	the_link.in_at = the_link.in_len = 0;
	the_link.out_at = the_link.out_len = 0;
	passt = ends[1];
}

/* Addresses near the data, or most inputs would only be refused. */
static void place_queues(struct plan *plan)
{
	int i;

	for (i = 0; i < NR_QUEUES; i++) {
		struct umkvm_queue *queue = &plan->queues[i];

		queue->index = i;
		queue->size = 1 << (queue->size & 7);
		queue->msi_addr = 0;
		queue->desc_gpa = DATA_GPA + (queue->desc_gpa & 0xfff0);
		queue->avail_gpa = DATA_GPA + (queue->avail_gpa & 0xfffe);
		queue->used_gpa = DATA_GPA + (queue->used_gpa & 0xfffc);
	}
}

static void ring(struct virtio_dev *dev, unsigned int queue)
{
	struct event *bell = &dev->queues[queue].doorbell;

	event_signal(bell->fd);
	bell->fn(bell);
}

static void run(struct virtio_dev *dev, const struct plan *plan)
{
	char sink[4096];
	size_t i;

	for (i = 0; i < sizeof(plan->bells); i++) {
		ring(dev, plan->bells[i] % NR_QUEUES);
		if (plan->bells[i] & 2)
			fakes.events[0]->fn(fakes.events[0]);
		if (plan->bells[i] & 4 && read(passt, sink, sizeof(sink)) < 0)
			continue;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	const struct vm_route nowhere = { 0 };
	struct virtio_dev *dev;
	struct plan plan;
	size_t stream;

	if (!vm.ram.host)
		set_up();
	if (len < sizeof(plan))
		return 0;
	memcpy(&plan, data, sizeof(plan));
	data += sizeof(plan);
	len -= sizeof(plan);
	place_queues(&plan);
	connect_link();
	stream = min_u64(len, plan.stream_len * 16);
	if (write(passt, data, stream) < 0)
		abort();
	dev = vm.devices[0];
	memset(vm.ram.host + DATA_GPA, 0, RAM_LEN - DATA_GPA);
	virtio_plug(dev);
	memcpy(vm.ram.host + DATA_GPA, data + stream,
	       min_u64(len - stream, RAM_LEN - DATA_GPA));
	virtio_set_features(dev, 1ULL << VIRTIO_F_VERSION_1 |
			    (u64)(plan.features & 1) << VIRTIO_NET_F_MRG_RXBUF |
			    (u64)(plan.features >> 2 & 3) << VIRTIO_RING_F_INDIRECT_DESC);
	virtio_start(dev, plan.queues, NR_QUEUES, &nowhere);
	run(dev, &plan);
	close(the_link.fd);
	close(passt);
	return 0;
}
