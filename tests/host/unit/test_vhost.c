// SPDX-License-Identifier: GPL-2.0
/*
 * The front end of vhost-user, before a server that works (vhost_server.c), and
 * those that lack something, end, or answer nonsense.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakes.h"
#include "unit.h"
#include "vhost_server.h"

#define RAM	(2 * PAGE_LEN + UMKVM_KERNEL_GPA)

static struct vm vm;
static struct vhost_user *vu;

static const struct umkvm_queue place = {
	.index = 1,
	.size = VHOST_SIZE,
	.desc_gpa = UMKVM_KERNEL_GPA,
	.avail_gpa = UMKVM_KERNEL_GPA + 0x400,
	.used_gpa = UMKVM_KERNEL_GPA + PAGE_LEN,
};

static u32 refuse(struct virtio_dev *dev, unsigned int queue,
		  const struct virtq_chain *chain)
{
	(void)dev;
	(void)queue;
	return 1000 + chain->nr_out;
}

static int make(void **state)
{
	(void)state;
	fakes_reset();
	memset(&vm, 0, sizeof(vm));
	vm.ram.fd = memfd_create("ram", 0);
	vm.ram.low_len = RAM;
	vm.ram.high_len = PAGE_LEN;
	assert_int_equal(ftruncate(vm.ram.fd, RAM + PAGE_LEN), 0);
	vm.ram.host = mmap(NULL, RAM + PAGE_LEN, PROT_READ | PROT_WRITE,
			   MAP_SHARED, vm.ram.fd, 0);
	vu = calloc(1, sizeof(*vu));
	vu->label = "a server";
	vu->refuse = refuse;
	vu->ops.name = "test";
	vu->ops.nr_queues = 2;
	vu->ops.queue_max = VHOST_SIZE;
	harness_message[0] = '\0';
	return 0;
}

static int drop(void **state)
{
	int status;

	(void)state;
	close(vu->hangup.fd);
	waitpid(vu->child.pid, &status, 0);
	munmap(vm.ram.host, RAM + PAGE_LEN);
	close(vm.ram.fd);
	free(vu);
	return 0;
}

static void add(enum behaviour how)
{
	char *words[2] = { "server" };

	behaviour = how;
	vhost_user_add(&vm, vu, words, "its package");
}

static void start(void)
{
	const struct vm_route nowhere = { 0 };

	virtio_plug(&vu->dev);
	assert_int_equal(virtio_set_features(&vu->dev, 1ULL << VIRTIO_F_VERSION_1), 0);
	assert_int_equal(virtio_start(&vu->dev, &place, 1, &nowhere), 0);
}

static void a_request_is_served(void)
{
	struct vring_avail *avail = guest_mem(&vm.ram, place.avail_gpa, 64);
	struct vring_used *used = guest_mem(&vm.ram, place.used_gpa, 64);
	struct pollfd irq = { .events = POLLIN };
	u64 count;

	memset(avail, 0, 64);
	memset(used, 0, 64);
	avail->ring[0] = 5;
	avail->idx = 1;
	start();
	irq.fd = vu->dev.queues[1].irq_fd;
	assert_int_equal(poll(&irq, 1, 5000), 1);
	assert_int_equal(read(irq.fd, &count, sizeof(count)), sizeof(count));
	assert_int_equal(used->idx, 1);
	assert_int_equal(used->ring[0].id, 5);
	assert_true(virtio_running(&vu->dev));
	assert_string_equal(harness_message, "");
}

static void it_serves(void **state)
{
	(void)state;
	add(WORKS);
	/* The device thread watches the socket and none of the doorbells. */
	assert_int_equal(vu->hangup.events, POLLRDHUP);
	assert_int_equal(vu->dev.queues[0].doorbell.events, 0);
	assert_int_equal(vu->dev.queues[1].doorbell.events, 0);
	a_request_is_served();
	virtio_reset(&vu->dev);
	a_request_is_served();
}

static void it_serves_without_answers(void **state)
{
	(void)state;
	add(NO_ACKS);
	a_request_is_served();
	virtio_reset(&vu->dev);
	a_request_is_served();
}

static void assert_dies(enum behaviour how, const char *message)
{
	assert_true(DIES(add(how)));
	assert_string_equal(harness_message, message);
}

static void it_ends_at_once(void **state)
{
	(void)state;
	assert_dies(ENDS, "a server has ended: so it is");
}

static void it_is_old(void **state)
{
	(void)state;
	assert_dies(OLD, "a server lacks features; use a newer one: so it is");
}

static void it_answers_nonsense(void **state)
{
	(void)state;
	assert_dies(NONSENSE, "a server answers nonsense: so it is");
}

static void it_refuses(void **state)
{
	(void)state;
	assert_dies(REFUSES, "a server refuses a message: so it is");
}

/* One more request, which is at @slot of the rings, is answered by the shim. */
static void assert_refused(unsigned int slot)
{
	struct vring_avail *avail = guest_mem(&vm.ram, place.avail_gpa, 64);
	struct vring_used *used = guest_mem(&vm.ram, place.used_gpa, 64);
	struct event *bell = &vu->dev.queues[1].doorbell;

	avail->ring[slot] = 3;
	avail->idx = slot + 1;
	assert_int_equal(bell->events, POLLIN);
	event_signal(bell->fd);
	bell->fn(bell);
	assert_int_equal(used->idx, slot + 1);
	assert_int_equal(used->ring[slot].id, 3);
	assert_int_equal(used->ring[slot].len, 1001);
}

static void assert_lost(void)
{
	assert_string_equal(harness_message,
			    "a server has ended; the guest gets errors in its place");
	assert_true(virtio_running(&vu->dev));
	assert_int_equal(vu->hangup.events, 0);
}

static void clear_rings(void)
{
	memset(guest_mem(&vm.ram, place.avail_gpa, 64), 0, 64);
	memset(guest_mem(&vm.ram, place.used_gpa, 64), 0, 64);
}

static void it_ends_while_a_driver_starts(void **state)
{
	(void)state;
	add(ENDS_LATER);
	clear_rings();
	start();
	assert_lost();
	assert_refused(0);
}

/* One line; what it had not completed fails, and what the next driver asks. */
static void it_is_killed(void **state)
{
	struct vring_avail *avail = guest_mem(&vm.ram, place.avail_gpa, 64);
	struct vring_used *used = guest_mem(&vm.ram, place.used_gpa, 64);
	struct pollfd hangup;

	(void)state;
	add(WORKS);
	a_request_is_served();
	kill(vu->child.pid, SIGKILL);
	hangup = (struct pollfd){ vu->hangup.fd, vu->hangup.events, 0 };
	assert_int_equal(poll(&hangup, 1, 5000), 1);
	avail->ring[1] = 4;
	avail->idx = 2;
	vu->hangup.fn(&vu->hangup);
	assert_lost();
	assert_int_equal(used->idx, 2);
	assert_int_equal(used->ring[1].id, 4);
	assert_refused(2);
	harness_message[0] = '\0';
	virtio_reset(&vu->dev);
	clear_rings();
	start();
	assert_refused(0);
	assert_string_equal(harness_message, "");
}

/* What it has taken fails, but not what it has completed; the rest follows. */
static void it_is_killed_out_of_order(void **state)
{
	struct vring_avail *avail = guest_mem(&vm.ram, place.avail_gpa, 64);
	struct vring_used *used = guest_mem(&vm.ram, place.used_gpa, 64);
	const struct vm_route nowhere = { 0 };
	struct pollfd irq = { .events = POLLIN };

	(void)state;
	vu->inflight = inflight_create(vu->ops.nr_queues, &vu->inflight_fd);
	add(OVERTAKES);
	clear_rings();
	avail->ring[0] = 5;
	avail->ring[1] = 2;
	avail->ring[2] = 6;
	avail->idx = 3;
	virtio_plug(&vu->dev);
	assert_int_equal(virtio_set_features(&vu->dev, 1ULL << VIRTIO_F_VERSION_1), 0);
	assert_int_equal(virtio_start(&vu->dev, &place, 1, &nowhere), 0);
	irq.fd = vu->dev.queues[1].irq_fd;
	assert_int_equal(poll(&irq, 1, 5000), 1);
	kill(vu->child.pid, SIGKILL);
	vu->hangup.fn(&vu->hangup);
	assert_lost();
	assert_int_equal(used->idx, 3);
	assert_int_equal(used->ring[0].id, 2);
	assert_int_equal(used->ring[1].id, 5);
	assert_int_equal(used->ring[1].len, 1001);
	assert_int_equal(used->ring[2].id, 6);
	assert_refused(3);
	close(vu->inflight_fd);
	munmap(vu->inflight, 2 * INFLIGHT_LEN);
}

static void it_knows_the_configuration(void **state)
{
	(void)state;
	vu->has_config = true;
	vu->ops.config_len = 13;
	vu->ops.features = 1ULL << 28;
	vu->optional = 1ULL << 29 | 1ULL << 31;
	add(WORKS);
	assert_int_equal(vu->dev.config[0], 0x40);
	assert_int_equal(vu->dev.config[12], 0x4c);
	assert_int_equal(vu->dev.config[13], 0);
	assert_int_equal(vu->ops.features, 3ULL << 28);
	a_request_is_served();
}

#define CASE(fn)	cmocka_unit_test_setup_teardown(fn, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(it_serves),
		CASE(it_serves_without_answers),
		CASE(it_ends_at_once),
		CASE(it_is_old),
		CASE(it_answers_nonsense),
		CASE(it_refuses),
		CASE(it_ends_while_a_driver_starts),
		CASE(it_is_killed),
		CASE(it_is_killed_out_of_order),
		CASE(it_knows_the_configuration),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
