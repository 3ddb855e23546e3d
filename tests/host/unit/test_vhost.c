// SPDX-License-Identifier: GPL-2.0
/*
 * The front end of vhost-user, before a server that this test plays in another
 * process: one that works, maps memory and completes what is in a queue, and
 * those that lack something, end, or answer nonsense.  child_start() is here.
 */
#include <linux/vhost_types.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakes.h"
#include "unit.h"
#include "vhost_user.h"

#define RAM	(2 * PAGE_LEN + UMKVM_KERNEL_GPA)
#define SIZE	8

enum behaviour { WORKS, NO_ACKS, ENDS, OLD, NONSENSE, REFUSES, ENDS_LATER };

static enum behaviour behaviour;
static struct vm vm;
static struct vhost_user *vu;

/* The server */

struct message {
	u32 request, flags, len;
	union {
		u64 number;
		struct vhost_vring_state state;
		struct vhost_vring_addr addr;
		struct {
			u32 nr, padding;
			struct { u64 gpa, len, user, offset; } regions[2];
		} table;
	};
	int fds[2];
};

struct server {
	int fd;
	struct message table;
	u8 *mem[2];
	struct vhost_vring_addr addr;
	int kick, call;
};

static bool receive(int fd, struct message *m)
{
	union {
		struct cmsghdr head;
		u8 room[CMSG_SPACE(sizeof(m->fds))];
	} control;
	struct iovec iov = { m, 12 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	if (recvmsg(fd, &msg, MSG_WAITALL) != 12)
		return false;
	if (msg.msg_controllen)
		memcpy(m->fds, CMSG_DATA(&control.head),
		       control.head.cmsg_len - CMSG_LEN(0));
	return !m->len || recv(fd, &m->number, m->len, MSG_WAITALL) == m->len;
}

static void reply(int fd, u32 request, u64 value)
{
	struct __attribute((packed)) {
		u32 request, flags, len;
		u64 value;
	} all = { request, 5, sizeof(value), value };

	/* In two pieces, as QEMU's server does. */
	if (write(fd, &all, 12) != 12 ||
	    write(fd, &all.value, sizeof(value)) != sizeof(value))
		_exit(1);
}

static void *translate(struct server *s, u64 user)
{
	u32 i;

	for (i = 0; i < s->table.table.nr; i++) {
		u64 at = user - s->table.table.regions[i].user;

		if (at < s->table.table.regions[i].len)
			return s->mem[i] + at;
	}
	_exit(1);
}

static void map(struct server *s, const struct message *m)
{
	u32 i;

	s->table = *m;
	for (i = 0; i < m->table.nr; i++)
		s->mem[i] = mmap(NULL, m->table.regions[i].len,
				 PROT_READ | PROT_WRITE, MAP_SHARED, m->fds[i],
				 m->table.regions[i].offset);
}

/* Everything that is available is used, with the index as length. */
static void complete(struct server *s)
{
	struct pollfd kick = { .fd = s->kick, .events = POLLIN };
	struct vring_avail *avail = translate(s, s->addr.avail_user_addr);
	struct vring_used *used = translate(s, s->addr.used_user_addr);
	u64 count;

	if (poll(&kick, 1, 5000) != 1 ||
	    read(s->kick, &count, sizeof(count)) != sizeof(count))
		_exit(1);
	for (; used->idx != avail->idx; used->idx++) {
		used->ring[used->idx % SIZE].id = avail->ring[used->idx % SIZE];
		used->ring[used->idx % SIZE].len = used->idx;
	}
	event_signal(s->call);
}

static void act(struct server *s, const struct message *m)
{
	u64 all = 1ULL << 30 | 7ULL << 28 | 1ULL << VIRTIO_F_VERSION_1;

	switch (m->request) {
	case 1:
		if (behaviour == ENDS)
			_exit(0);
		reply(s->fd, behaviour == NONSENSE ? 77 : 1,
		      behaviour == OLD ? 1ULL << 30 : all);
		return;
	case 15:
		reply(s->fd, 15, behaviour == NO_ACKS ? 0 : 9);
		return;
	case 11:
		reply(s->fd, 11, m->number);
		return;
	case 5:
		map(s, m);
		break;
	case 9:
		s->addr = m->addr;
		break;
	case 13:
		s->call = m->fds[0];
		break;
	case 12:
		if (behaviour == ENDS_LATER)
			_exit(0);
		s->kick = m->fds[0];
		break;
	}
	if (m->flags & 8)
		reply(s->fd, m->request, behaviour == REFUSES);
	if (m->request == 18)
		complete(s);
}

static void serve(int listener)
{
	struct server s = { .fd = accept(listener, NULL, NULL) };
	struct message m;

	close(vu->hangup.fd);
	while (receive(s.fd, &m))
		act(&s, &m);
	_exit(0);
}

bool child_start(struct child *child, char **words, int fd)
{
	assert_string_equal(words[0], "server");
	child->pid = fork();
	if (!child->pid)
		serve(fd);
	close(fd);
	return true;
}

int child_wait(struct child *child)
{
	int status;

	snprintf(child->why, sizeof(child->why), "so it is");
	waitpid(child->pid, &status, 0);
	return status;
}

/* The shim and its guest */

static const struct umkvm_queue place = {
	.index = 1,
	.size = SIZE,
	.desc_gpa = UMKVM_KERNEL_GPA,
	.avail_gpa = UMKVM_KERNEL_GPA + 0x400,
	.used_gpa = UMKVM_KERNEL_GPA + PAGE_LEN,
};

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
	vu->ops.name = "test";
	vu->ops.nr_queues = 2;
	vu->ops.queue_max = SIZE;
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
	vhost_user_add(&vm, vu, words);
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
	/* Of doorbells the device thread knows nothing, of the socket it does. */
	assert_int_equal(fakes.nr_events, 1);
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

static void assert_lost(void)
{
	assert_string_equal(harness_message,
			    "a server has ended; what the guest asks of it waits for ever");
	assert_true(vu->dev.status & VIRTIO_CONFIG_S_NEEDS_RESET);
	assert_int_equal(vu->hangup.events, 0);
}

static void it_ends_while_a_driver_starts(void **state)
{
	(void)state;
	add(ENDS_LATER);
	start();
	assert_lost();
}

/* One line; a reset ends, and the next driver learns of it again. */
static void it_is_killed(void **state)
{
	struct pollfd hangup;

	(void)state;
	add(WORKS);
	a_request_is_served();
	kill(vu->child.pid, SIGKILL);
	hangup = (struct pollfd){ vu->hangup.fd, vu->hangup.events, 0 };
	assert_int_equal(poll(&hangup, 1, 5000), 1);
	vu->hangup.fn(&vu->hangup);
	assert_lost();
	harness_message[0] = '\0';
	virtio_reset(&vu->dev);
	start();
	assert_true(vu->dev.status & VIRTIO_CONFIG_S_NEEDS_RESET);
	assert_string_equal(harness_message, "");
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
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
