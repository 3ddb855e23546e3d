// SPDX-License-Identifier: GPL-2.0
/*
 * The front end of the vhost-user protocol (docs/interop/vhost-user.rst of
 * QEMU).  A program of its own, started here, serves a device: it maps guest
 * memory, is rung by the driver's doorbell and interrupts the guest through
 * eventfds that both belong to KVM.  The shim only says where the queues are,
 * when a driver starts, and stops them before memory is used anew.
 *
 * Each message is answered before the next, and no answer is waited for longer
 * than PATIENCE_S.  When the program ends or is late, one line says so, and the
 * shim answers the guest with errors in its place.
 */
#include <errno.h>
#include <linux/vhost_types.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "die.h"
#include "vhost_user.h"

#define PATIENCE_S	30

/* Names and numbers are those of the protocol. */
enum {
	GET_FEATURES		= 1,
	SET_FEATURES		= 2,
	SET_OWNER		= 3,
	SET_MEM_TABLE		= 5,
	SET_VRING_NUM		= 8,
	SET_VRING_ADDR		= 9,
	SET_VRING_BASE		= 10,
	GET_VRING_BASE		= 11,
	SET_VRING_KICK		= 12,
	SET_VRING_CALL		= 13,
	GET_PROTOCOL_FEATURES	= 15,
	SET_PROTOCOL_FEATURES	= 16,
	SET_VRING_ENABLE	= 18,
	GET_CONFIG		= 24,
	SET_INFLIGHT_FD		= 32,
};

#define VERSION		1U
#define NEED_REPLY	(1U << 3)
#define F_PROTOCOL	(1ULL << 30)	/* among the features */
#define F_REPLY_ACK	(1ULL << 3)	/* among those of the protocol */
#define F_CONFIG	(1ULL << 9)
#define F_INFLIGHT	(1ULL << 12)
#define REGIONS		2

struct header {
	u32 request;
	u32 flags;
	u32 len;		/* of what follows */
};

struct mem_table {
	u32 nr;
	u32 padding;
	struct {
		u64 gpa;
		u64 len;
		u64 address;	/* how we name its first byte */
		u64 offset;	/* in the file */
	} regions[REGIONS];
};

struct config {
	u32 offset;
	u32 len;
	u32 flags;
	u8 bytes[UMKVM_CONFIG_MAX];
};

static struct vhost_user *all;
static atomic_bool ending;

static struct vhost_user *to_vu(struct virtio_dev *dev)
{
	return (struct vhost_user *)((u8 *)dev - offsetof(struct vhost_user, dev));
}

static void lose(struct vhost_user *vu, const char *why)
{
	if (!vu->gone)
		vu->gone = why;
}

/* The answer has as many bytes as are expected; they may come in pieces. */
static void receive(struct vhost_user *vu, u32 request, void *answer, u32 len)
{
	struct {
		struct header header;
		u8 bytes[sizeof(struct config)];
	} reply;
	size_t got = 0;

	while (!vu->gone && got < sizeof(reply.header) + len) {
		ssize_t ret = read(vu->hangup.fd, (u8 *)&reply + got,
				   sizeof(reply.header) + len - got);

		if (ret > 0)
			got += ret;
		else if (ret < 0 && errno == EAGAIN)
			lose(vu, "does not answer");
		else if (!ret || errno != EINTR)
			lose(vu, "has ended");
		if (got >= sizeof(reply.header) &&
		    (reply.header.request != request || reply.header.len != len))
			lose(vu, "answers nonsense");
	}
	if (!vu->gone)
		memcpy(answer, reply.bytes, len);
}

static u64 receive_value(struct vhost_user *vu, u32 request)
{
	u64 value = 0;

	receive(vu, request, &value, sizeof(value));
	return value;
}

/* With @fd, @nr_fds times over, if that is not 0. */
static void put(struct vhost_user *vu, u32 request, u32 flags, const void *data,
		u32 len, int fd, unsigned int nr_fds)
{
	struct header header = { request, VERSION | flags, len };
	struct iovec iov[] = {
		{ &header, sizeof(header) }, { (void *)data, len },
	};
	union {
		struct cmsghdr head;
		u8 room[CMSG_SPACE(REGIONS * sizeof(int))];
	} control = { .head = {
		.cmsg_len = CMSG_LEN(nr_fds * sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct msghdr msg = {
		.msg_iov = iov,
		.msg_iovlen = ARRAY_SIZE(iov),
		.msg_control = nr_fds ? &control : NULL,
		.msg_controllen = nr_fds ? CMSG_SPACE(nr_fds * sizeof(int)) : 0,
	};
	const int fds[REGIONS] = { fd, fd };

	memcpy(CMSG_DATA(&control.head), fds, nr_fds * sizeof(int));
	if (!vu->gone && sendmsg(vu->hangup.fd, &msg, MSG_NOSIGNAL) !=
			 (ssize_t)(sizeof(header) + len))
		lose(vu, "has ended");
}

static void tell(struct vhost_user *vu, u32 request, const void *data, u32 len,
		 int fd, unsigned int nr_fds)
{
	put(vu, request, vu->acks ? NEED_REPLY : 0, data, len, fd, nr_fds);
	if (vu->acks && receive_value(vu, request))
		lose(vu, "refuses a message");
}

static void tell_features(struct vhost_user *vu, u32 request, u64 features)
{
	tell(vu, request, &features, sizeof(features), -1, 0);
}

/* One number of a queue, or one of its two eventfds. */
static void tell_queue(struct vhost_user *vu, u32 request, u32 index, u32 value,
		       int fd)
{
	const struct vhost_vring_state state = { index, value };

	tell(vu, request, &state, sizeof(state), fd, fd >= 0);
}

static u64 ask(struct vhost_user *vu, u32 request, const void *data, u32 len)
{
	put(vu, request, 0, data, len, -1, 0);
	return receive_value(vu, request);
}

/* Of the guest's addresses, which virtq_set_up() has turned into ours. */
static void start_queue(struct vhost_user *vu, const struct virtio_queue *queue)
{
	const u32 index = queue->index;
	const struct vhost_vring_addr addr = {
		.index = index,
		.desc_user_addr = (u64)queue->vq.desc,
		.avail_user_addr = (u64)queue->vq.avail,
		.used_user_addr = (u64)queue->vq.used,
	};

	tell_queue(vu, SET_VRING_NUM, index, queue->vq.size, -1);
	tell_queue(vu, SET_VRING_BASE, index, 0, -1);
	tell(vu, SET_VRING_ADDR, &addr, sizeof(addr), -1, 0);
	tell_queue(vu, SET_VRING_CALL, index, 0, queue->irq_fd);
	tell_queue(vu, SET_VRING_KICK, index, 0, queue->doorbell.fd);
	tell_queue(vu, SET_VRING_ENABLE, index, 1, -1);
	vu->started |= 1U << index;
	event_signal(queue->doorbell.fd);
}

/* Once the program is gone.  Until then no doorbell is watched. */
static void vu_kick(struct virtio_dev *dev, unsigned int queue)
{
	virtio_serve(dev, queue, to_vu(dev)->refuse);
}

/*
 * What the program has not completed gets an error, and so does all that comes.
 * It may have died before an interrupt, so there is one.
 */
static void take_over(struct vhost_user *vu)
{
	struct virtio_dev *dev = &vu->dev;
	unsigned int i;

	for (i = 0; i < dev->ops->nr_queues; i++) {
		struct virtio_queue *queue = &dev->queues[i];

		if (!queue->vq.size)
			continue;
		if (vu->inflight)
			inflight_refuse(vu->inflight, queue, vu->refuse);
		else
			virtq_take_over(&queue->vq, 0);
		queue->doorbell.events = POLLIN;
		vu_kick(dev, i);
		event_signal(queue->irq_fd);
	}
}

/* Once the guest runs: what became of the program, if something did. */
static void check_gone(struct vhost_user *vu)
{
	if (!vu->gone)
		return;
	vu->hangup.events = 0;
	if (!vu->told && !atomic_load(&ending))
		warn("%s %s; the guest gets errors in its place", vu->label,
		     vu->gone);
	vu->told = true;
	if (virtio_running(&vu->dev))
		take_over(vu);
}

static void vu_start(struct virtio_dev *dev)
{
	struct vhost_user *vu = to_vu(dev);
	struct inflight_place place;
	unsigned int i;

	tell_features(vu, SET_FEATURES, dev->features | F_PROTOCOL);
	if (vu->inflight) {
		place = inflight_clear(vu->inflight, dev->ops);
		tell(vu, SET_INFLIGHT_FD, &place, sizeof(place),
		     vu->inflight_fd, 1);
	}
	for (i = 0; i < dev->ops->nr_queues; i++) {
		if (dev->queues[i].vq.size)
			start_queue(vu, &dev->queues[i]);
	}
	check_gone(vu);
}

/* An answer means that nothing is under way in the queue any more. */
static void vu_reset(struct virtio_dev *dev)
{
	struct vhost_user *vu = to_vu(dev);
	struct vhost_vring_state state = { 0 };

	for (; vu->started; vu->started &= vu->started - 1) {
		state.index = __builtin_ctz(vu->started);
		ask(vu, GET_VRING_BASE, &state, sizeof(state));
	}
	check_gone(vu);
}

static void on_hangup(struct event *event)
{
	struct vhost_user *vu = event->owner;

	pthread_mutex_lock(&vu->dev.lock);
	lose(vu, "has ended");
	check_gone(vu);
	pthread_mutex_unlock(&vu->dev.lock);
}

static void tell_memory(struct vhost_user *vu, const struct guest_ram *ram)
{
	const struct mem_table table = {
		.nr = ram->high_len ? 2 : 1,
		.regions = {
			{ 0, ram->low_len, (u64)ram->host, 0 },
			{ UMKVM_HOLE_END, ram->high_len,
			  (u64)ram->host + ram->low_len, ram->low_len },
		},
	};

	tell(vu, SET_MEM_TABLE, &table,
	     offsetof(struct mem_table, regions[table.nr]), ram->fd, table.nr);
}

static void read_config(struct vhost_user *vu)
{
	struct config config = { .len = vu->ops.config_len };
	const u32 len = offsetof(struct config, bytes[config.len]);

	put(vu, GET_CONFIG, 0, &config, len, -1, 0);
	receive(vu, GET_CONFIG, &config, len);
	memcpy(vu->dev.config, config.bytes, vu->ops.config_len);
}

static void shake_hands(struct vhost_user *vu, const struct guest_ram *ram)
{
	u64 features, acks;

	tell(vu, SET_OWNER, NULL, 0, -1, 0);
	features = ask(vu, GET_FEATURES, NULL, 0);
	vu->ops.features |= features & vu->optional;
	if (~features & (vu->ops.features | VIRTIO_FEATURES | F_PROTOCOL))
		lose(vu, "lacks features; use a newer one");
	acks = ask(vu, GET_PROTOCOL_FEATURES, NULL, 0) & F_REPLY_ACK;
	/* qemu-storage-daemon has F_INFLIGHT, but does not offer it. */
	tell_features(vu, SET_PROTOCOL_FEATURES,
		      acks | (vu->has_config ? F_CONFIG : 0) |
		      (vu->inflight ? F_INFLIGHT : 0));
	vu->acks = acks;
	if (vu->has_config)
		read_config(vu);
	tell_memory(vu, ram);
}

/*
 * The program gets a socket that listens, without a name that anybody could
 * use before us: our connection is in its queue already.
 */
static void start_server(struct vhost_user *vu, char **words,
			 const char *package)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(name);
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (server < 0 || fd < 0 ||
	    bind(server, (struct sockaddr *)&name, sizeof(sa_family_t)) ||
	    listen(server, 1) ||
	    getsockname(server, (struct sockaddr *)&name, &len) ||
	    connect(fd, (struct sockaddr *)&name, len) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)))
		die_errno("%s: cannot make a socket", vu->label);
	vu->hangup.fd = fd;
	child_start(&vu->child, words, server, vu->label, package);
}

/* They write what they hold; whoever starts next finds files without locks. */
static void end_all(void)
{
	struct vhost_user *vu;

	atomic_store(&ending, true);
	for (vu = all; vu; vu = vu->next)
		child_end(&vu->child, PATIENCE_S * 1000);
}

void vhost_user_add(struct vm *vm, struct vhost_user *vu, char **words,
		    const char *package)
{
	unsigned int i;

	start_server(vu, words, package);
	shake_hands(vu, &vm->ram);
	if (vu->gone) {
		kill(vu->child.pid, SIGKILL);
		child_wait(&vu->child);
		die("%s %s: %s", vu->label, vu->gone, vu->child.why);
	}
	vu->ops.start = vu_start;
	vu->ops.reset = vu_reset;
	vu->ops.kick = vu_kick;
	vu->hangup.events = POLLRDHUP;
	vu->hangup.fn = on_hangup;
	vu->hangup.owner = vu;
	event_add(&vu->hangup);
	virtio_add(vm, &vu->dev, &vu->ops);
	if (!all)
		at_quit(end_all);
	vu->next = all;
	all = vu;
	for (i = 0; i < vu->ops.nr_queues; i++)
		vu->dev.queues[i].doorbell.events = 0;
}
