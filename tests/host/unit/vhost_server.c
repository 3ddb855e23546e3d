// SPDX-License-Identifier: GPL-2.0
/*
 * A server of vhost-user in a process of its own, which maps memory and
 * completes what is in a queue, or does what it should not.  It is in the place
 * of host/child.c.
 */
#include <linux/vhost_types.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "event.h"
#include "unit.h"
#include "vhost_server.h"

enum behaviour behaviour;

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
		struct { u32 offset, len, flags; u8 bytes[16]; } config;
		struct { u64 len, offset; u16 nr_queues, queue_size; } inflight;
	};
	int fds[2];
};

struct server {
	int fd;
	struct message table;
	u8 *mem[2], *inflight;
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

/* Bytes that tell where they are; the rest is an echo. */
static void reply_config(int fd, struct message *m)
{
	u32 i;

	for (i = 0; i < m->config.len; i++)
		m->config.bytes[i] = 0x40 + i;
	m->flags = 5;
	if (write(fd, m, 12) != 12 ||
	    write(fd, &m->config, m->len) != (ssize_t)m->len)
		_exit(1);
}

/* Takes two requests, completes the second, and is about to the first. */
static void overtake(struct server *s)
{
	struct vring_avail *avail = translate(s, s->addr.avail_user_addr);
	struct vring_used *used = translate(s, s->addr.used_user_addr);
	u8 *mine = s->inflight + INFLIGHT_LEN * s->addr.index;

	mine[16 + 16 * avail->ring[0]] = 1;
	mine[16 + 16 * avail->ring[1]] = 1;
	used->ring[0].id = avail->ring[1];
	memcpy(mine + 12, &avail->ring[1], sizeof(u16));
	used->idx = 1;
	event_signal(s->call);
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
		used->ring[used->idx % VHOST_SIZE].id = avail->ring[used->idx % VHOST_SIZE];
		used->ring[used->idx % VHOST_SIZE].len = used->idx;
	}
	event_signal(s->call);
}

static void act(struct server *s, struct message *m)
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
	case 24:
		reply_config(s->fd, m);
		return;
	case 32:
		assert_int_equal(m->inflight.queue_size, VHOST_SIZE);
		assert_int_equal(m->inflight.len, 2 * INFLIGHT_LEN);
		s->inflight = mmap(NULL, m->inflight.len, PROT_READ | PROT_WRITE,
				   MAP_SHARED, m->fds[0], m->inflight.offset);
		break;
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
	if (m->request == 18 && behaviour == OVERTAKES)
		overtake(s);
	else if (m->request == 18)
		complete(s);
}

/* @shim is the other end: open here, it would hide the shim's end. */
static void serve(int listener, int shim)
{
	struct server s = { .fd = accept(listener, NULL, NULL) };
	struct message m;

	close(shim);
	while (receive(s.fd, &m))
		act(&s, &m);
	_exit(0);
}

void child_start(struct child *child, char **words, int fd, const char *label,
		 const char *package)
{
	const struct vhost_user *vu;

	assert_string_equal(words[0], "server");
	assert_string_equal(label, "a server");
	assert_string_equal(package, "its package");
	vu = (void *)((u8 *)child - offsetof(struct vhost_user, child));
	child->pid = fork();
	if (!child->pid)
		serve(fd, vu->hangup.fd);
	close(fd);
}

int child_wait(struct child *child)
{
	int status;

	snprintf(child->why, sizeof(child->why), "so it is");
	waitpid(child->pid, &status, 0);
	return status;
}

void child_end(const struct child *child, int patience_ms)
{
	(void)child;
	(void)patience_ms;
}
