// SPDX-License-Identifier: GPL-2.0
/*
 * The two smallest devices, on real guest memory: random numbers fill what a
 * request has room for, and the balloon gives back the pages that it is told
 * and no byte beside them.
 */
#include <string.h>

#include "fakes.h"
#include "unit.h"
#include "virtio.h"
#include "virtio_balloon.h"
#include "virtio_rng.h"

#define SIZE		8
#define REPORTING	2
#define DATA_GPA	MIB(4)

/* The driver's queue nr: three pages from here on. */
#define QUEUE_GPA(nr)	(MIB(1) + (nr) * 3 * PAGE_LEN)

static struct vm vm;
static struct virtio_dev *dev;

static void *at(u64 gpa)
{
	return guest_mem(&vm.ram, gpa, PAGE_LEN);
}

static void start(void (*add)(struct vm *vm), unsigned int nr_queues)
{
	struct umkvm_queue places[3] = { 0 };
	const struct vm_route nowhere = { 0 };
	unsigned int i;

	fakes_reset();
	vm.nr_devices = vm.nr_routes = 0;
	mem_clear(&vm.ram);
	add(&vm);
	dev = vm.devices[0];
	virtio_plug(dev);
	assert_int_equal(virtio_set_features(dev, 1ULL << VIRTIO_F_VERSION_1 |
					     dev->ops->features), 0);
	for (i = 0; i < nr_queues; i++)
		places[i] = (struct umkvm_queue){
			.index = i,
			.size = SIZE,
			.desc_gpa = QUEUE_GPA(i),
			.avail_gpa = QUEUE_GPA(i) + PAGE_LEN,
			.used_gpa = QUEUE_GPA(i) + 2 * PAGE_LEN,
		};
	assert_int_equal(virtio_start(dev, places, nr_queues, &nowhere), 0);
}

/* Offers memory to be filled; returns how much of it the device says it did. */
static u32 request(unsigned int nr, u64 gpa, u32 len)
{
	struct vring_desc *desc = at(QUEUE_GPA(nr));
	u16 *avail = at(QUEUE_GPA(nr) + PAGE_LEN);
	struct vring_used *used = at(QUEUE_GPA(nr) + 2 * PAGE_LEN);
	struct event *bell = &dev->queues[nr].doorbell;
	u16 before = used->idx;

	desc[0] = (struct vring_desc){ gpa, len, VRING_DESC_F_WRITE, 0 };
	avail[2 + avail[1]++ % SIZE] = 0;
	event_signal(bell->fd);
	bell->fn(bell);
	assert_int_equal((u16)(used->idx - before), 1);
	return used->ring[before % SIZE].len;
}

static void random_numbers_fit(void **state)
{
	static const u8 none[256];
	u8 *data = at(DATA_GPA);

	(void)state;
	start(virtio_rng_add, 1);
	assert_int_equal(request(0, DATA_GPA, 16), 16);
	assert_memory_not_equal(data, none, 16);
	assert_memory_equal(data + 16, none, 256);
	assert_int_equal(request(0, DATA_GPA, PAGE_LEN), 256);
	assert_memory_not_equal(data + 240, none, 16);
	assert_memory_equal(data + 256, none, 256);
	assert_int_equal(request(0, DATA_GPA, 0), 0);
}

static void whole_pages_go_back(void **state)
{
	u8 *data = at(DATA_GPA);

	(void)state;
	start(virtio_balloon_add, 3);
	memset(data, 1, 4 * PAGE_LEN);
	assert_int_equal(request(REPORTING, DATA_GPA + 100, 3 * PAGE_LEN), 0);
	assert_int_equal(data[PAGE_LEN - 1], 1);
	assert_int_equal(data[PAGE_LEN], 0);
	assert_int_equal(data[3 * PAGE_LEN - 1], 0);
	assert_int_equal(data[3 * PAGE_LEN], 1);
}

/* Pages past the hole lie in the file where the hole would be. */
static void high_pages_go_back(void **state)
{
	u8 *data = at(UMKVM_HOLE_END);

	(void)state;
	start(virtio_balloon_add, 3);
	data[0] = 1;
	request(REPORTING, UMKVM_HOLE_END, PAGE_LEN);
	assert_int_equal(data[0], 0);
}

static void less_than_a_page_stays(void **state)
{
	u8 *data = at(DATA_GPA);

	(void)state;
	start(virtio_balloon_add, 3);
	memset(data, 1, 2 * PAGE_LEN);
	request(REPORTING, DATA_GPA + 1, PAGE_LEN);
	request(REPORTING, DATA_GPA, 0);
	assert_int_equal(data[1], 1);
	assert_int_equal(data[PAGE_LEN], 1);
}

static void the_balloon_does_not_grow(void **state)
{
	u8 *data = at(DATA_GPA);

	(void)state;
	start(virtio_balloon_add, 3);
	data[0] = 1;
	request(0, DATA_GPA, PAGE_LEN);
	assert_int_equal(data[0], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_numbers_fit),
		cmocka_unit_test(whole_pages_go_back),
		cmocka_unit_test(high_pages_go_back),
		cmocka_unit_test(less_than_a_page_stays),
		cmocka_unit_test(the_balloon_does_not_grow),
	};

	mem_create(&vm.ram, GIB(4));
	return cmocka_run_group_tests_name("small", tests, NULL, NULL);
}
