// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that the host's kernel serves, with a vhost that only takes notes: the
 * memory table with and without memory above the hole, what a driver's start
 * says, and what becomes of a device whose queue is broken or that vhost refuses.
 */
#include <errno.h>
#include <linux/vhost.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fakes.h"
#include "unit.h"
#include "vhost.h"

#define RAM	MIB(2)
#define HIGH	MIB(1)

static struct vm vm;
static struct virtio_dev dev;
static struct vhost vhost;
static struct virtio_ops ops;
static bool runs;

/* What the last calls said; the call of this request fails. */
static struct {
	unsigned long fail;
	unsigned int calls;
	struct {
		struct vhost_memory head;
		struct vhost_memory_region regions[3];
	} memory;
	struct vhost_vring_addr addr[3];
	struct vhost_vring_state num[3], base[3];
	struct vhost_vring_file kick[3], call[3], error[3];
	u64 features;
} notes;

/* The first word of a queue's argument is its index. */
int __wrap_ioctl(int fd, unsigned long request, void *arg)
{
	const struct {
		unsigned long request;
		void *to;
		size_t len;
	} takes[] = {
		{ VHOST_SET_VRING_ADDR, notes.addr, sizeof(*notes.addr) },
		{ VHOST_SET_VRING_NUM, notes.num, sizeof(*notes.num) },
		{ VHOST_SET_VRING_BASE, notes.base, sizeof(*notes.base) },
		{ VHOST_SET_VRING_KICK, notes.kick, sizeof(*notes.kick) },
		{ VHOST_SET_VRING_CALL, notes.call, sizeof(*notes.call) },
		{ VHOST_SET_VRING_ERR, notes.error, sizeof(*notes.error) },
	};
	size_t i;

	assert_int_equal(fd, 99);
	notes.calls++;
	if (request == notes.fail) {
		errno = EFAULT;
		return -1;
	}
	for (i = 0; i < ARRAY_SIZE(takes); i++) {
		if (takes[i].request == request)
			memcpy((u8 *)takes[i].to + *(u32 *)arg * takes[i].len,
			       arg, takes[i].len);
	}
	if (request == VHOST_SET_FEATURES)
		memcpy(&notes.features, arg, sizeof(notes.features));
	if (request == VHOST_SET_MEM_TABLE)
		memcpy(&notes.memory, arg, sizeof(struct vhost_memory) +
		       2 * sizeof(struct vhost_memory_region));
	return 0;
}

static bool run(struct vhost *which, bool on)
{
	assert_ptr_equal(which, &vhost);
	/* All is said before it begins, and it lets go once. */
	assert_int_equal(runs, !on);
	runs = on;
	return notes.fail != 1 || !on;
}

static void start_dev(struct virtio_dev *which)
{
	(void)which;
	vhost_start(&vhost);
}

static void reset_dev(struct virtio_dev *which)
{
	(void)which;
	vhost_stop(&vhost);
}

static void add(u64 high)
{
	static u8 ram[RAM + HIGH] __attribute__((aligned(4096)));

	memset(ram, 0, sizeof(ram));
	vm.ram.host = ram;
	vm.ram.low_len = RAM;
	vm.ram.high_len = high;
	ops = (struct virtio_ops){
		.name = "test",
		.nr_queues = 3,
		.queue_max = 16,
		.features = 1ULL << 40 | 1,
		.start = start_dev,
		.reset = reset_dev,
	};
	vhost = (struct vhost){
		.fd = 99,
		.features = VIRTIO_FEATURES | 1,
		.run = run,
	};
	vhost_add(&vm, &vhost, &dev, &ops);
	virtio_plug(&dev);
}

static int make(void **state)
{
	(void)state;
	fakes_reset();
	memset(&vm, 0, sizeof(vm));
	memset(&dev, 0, sizeof(dev));
	memset(&notes, 0, sizeof(notes));
	harness_message[0] = '\0';
	runs = false;
	return 0;
}

static void start(unsigned int nr)
{
	const struct vm_route nowhere = { 0 };
	struct umkvm_queue queues[3];
	unsigned int i;

	for (i = 0; i < 3; i++)
		queues[i] = (struct umkvm_queue){
			.index = i,
			.size = 8,
			.desc_gpa = UMKVM_HOLE_END + i * PAGE_LEN,
			.avail_gpa = UMKVM_HOLE_END + i * PAGE_LEN + 0x400,
			.used_gpa = UMKVM_HOLE_END + i * PAGE_LEN + 0x800,
		};
	assert_int_equal(virtio_set_features(&dev, 1ULL << VIRTIO_F_VERSION_1 |
					     1ULL << 40 | 1), 0);
	assert_int_equal(virtio_start(&dev, queues, nr, &nowhere), 0);
}

static void low_memory(void **state)
{
	(void)state;
	add(0);
	assert_int_equal(notes.memory.head.nregions, 1);
	assert_int_equal(notes.memory.regions[0].guest_phys_addr, 0);
	assert_int_equal(notes.memory.regions[0].memory_size, RAM);
	assert_int_equal(notes.memory.regions[0].userspace_addr, vm.ram.host);
}

static void memory_beyond_the_hole(void **state)
{
	(void)state;
	add(HIGH);
	assert_int_equal(notes.memory.head.nregions, 2);
	assert_int_equal(notes.memory.regions[0].memory_size, RAM);
	assert_int_equal(notes.memory.regions[1].guest_phys_addr, UMKVM_HOLE_END);
	assert_int_equal(notes.memory.regions[1].memory_size, HIGH);
	assert_int_equal(notes.memory.regions[1].userspace_addr, vm.ram.host + RAM);
}

static void it_starts_and_stops(void **state)
{
	unsigned int i;

	(void)state;
	add(HIGH);
	for (i = 0; i < VHOST_QUEUES; i++) {
		assert_int_equal(notes.kick[i].fd, dev.queues[i].doorbell.fd);
		assert_int_equal(notes.call[i].fd, dev.queues[i].irq_fd);
		assert_int_equal(notes.error[i].fd, vhost.errors[i].fd);
	}
	/* No doorbell is the device thread's, the third queue's neither. */
	for (i = 0; i < 3; i++)
		assert_int_equal(dev.queues[i].doorbell.events, 0);
	start(3);
	assert_true(runs && virtio_running(&dev));
	assert_int_equal(notes.features, 1ULL << VIRTIO_F_VERSION_1 | 1);
	assert_int_equal(notes.num[1].num, 8);
	assert_int_equal(notes.addr[1].desc_user_addr,
			 vm.ram.host + RAM + PAGE_LEN);
	assert_int_equal(notes.addr[2].desc_user_addr, 0);
	assert_int_equal(fakes.signals, 2);
	virtio_reset(&dev);
	assert_false(runs);
	notes.base[0].num = 7;
	start(3);
	assert_true(runs);
	assert_int_equal(notes.base[0].num, 0);
	virtio_reset(&dev);
	virtio_reset(&dev);
	assert_string_equal(harness_message, "");
}

static void assert_broken(unsigned int queue, const char *why)
{
	char text[128];

	snprintf(text, sizeof(text),
		 "device test: queue %u: %s; it waits for a reset", queue, why);
	assert_string_equal(harness_message, text);
	assert_false(runs || virtio_running(&dev));
}

static void a_queue_is_missing(void **state)
{
	(void)state;
	add(HIGH);
	start(1);
	assert_broken(0, "vhost does not take it");
	virtio_reset(&dev);
	start(2);
	assert_true(runs);
}

static void vhost_refuses(void **state)
{
	static const unsigned long requests[] = {
		VHOST_SET_FEATURES, VHOST_SET_VRING_NUM, VHOST_SET_VRING_BASE,
		VHOST_SET_VRING_ADDR, 1,
	};
	size_t i;

	(void)state;
	add(HIGH);
	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		notes.fail = requests[i];
		start(3);
		assert_broken(0, "vhost does not take it");
		virtio_reset(&dev);
	}
}

static void vhost_finds_an_error(void **state)
{
	struct event *error = &vhost.errors[1];

	(void)state;
	add(HIGH);
	start(3);
	event_signal(error->fd);
	error->fn(error);
	assert_broken(1, "vhost finds it broken");
	/* Late, when another driver may have come already: nothing. */
	error->fn(error);
	virtio_reset(&dev);
	start(3);
	assert_true(runs && virtio_running(&dev));
}

#define CASE(fn)	cmocka_unit_test_setup(fn, make)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(low_memory),
		CASE(memory_beyond_the_hole),
		CASE(it_starts_and_stops),
		CASE(a_queue_is_missing),
		CASE(vhost_refuses),
		CASE(vhost_finds_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
