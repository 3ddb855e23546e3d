// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-console on any guest memory: the input is the queues' place and
 * features, then the memory itself, then which doorbell rings when.  Nothing
 * outside of RAM may be touched, and every call has to come back.
 */
#include <fcntl.h>
#include <linux/virtio_console.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fakes.h"
#include "harness.h"
#include "virtio.h"
#include "virtio_console.h"

#define NR_QUEUES	10
#define RAM_LEN		KIB(256)
#define DATA_GPA	KIB(192)

/* What the first bytes of the input mean. */
struct plan {
	u8 features;
	u8 bells[16];
	struct umkvm_queue queues[NR_QUEUES];
};

static struct vm vm;
static struct event *stdin_event;

/* RAM ends where the next page cannot be touched. */
static void set_up(void)
{
	static struct port_spec specs[PORT_SPECS];
	static char con1[16] = "con1=null";

	vm.ram.low_len = RAM_LEN;
	vm.ram.host = mmap(NULL, RAM_LEN + PAGE_LEN, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(vm.ram.host + RAM_LEN, PAGE_LEN, PROT_NONE);
	/* Where the stream "stdout" goes */
	dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
	port_defaults(specs);
	port_parse(specs, con1);
	virtio_console_add(&vm, specs, true);
	/* The second: that of the console comes first. */
	stdin_event = fakes.events[1];
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

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	const struct vm_route nowhere = { 0 };
	struct virtio_dev *dev;
	struct plan plan;
	size_t i;

	if (!vm.ram.host)
		set_up();
	if (len < sizeof(plan))
		return 0;
	memcpy(&plan, data, sizeof(plan));
	place_queues(&plan);
	dev = vm.devices[0];
	fakes.output_len = 0;
	fakes.input = data;
	fakes.input_len = len;
	fakes.input_open = true;
	memset(vm.ram.host + DATA_GPA, 0, RAM_LEN - DATA_GPA);
	virtio_plug(dev);
	memcpy(vm.ram.host + DATA_GPA, data + sizeof(plan),
	       min_u64(len - sizeof(plan), RAM_LEN - DATA_GPA));
	virtio_set_features(dev, 1ULL << VIRTIO_F_VERSION_1 |
			    (plan.features & 3) |
			    (u64)(plan.features >> 2 & 3) << VIRTIO_RING_F_INDIRECT_DESC);
	virtio_start(dev, plan.queues, NR_QUEUES, &nowhere);
	for (i = 0; i < sizeof(plan.bells); i++) {
		ring(dev, plan.bells[i] % NR_QUEUES);
		if (stdin_event->events)
			stdin_event->fn(stdin_event);
	}
	return 0;
}
