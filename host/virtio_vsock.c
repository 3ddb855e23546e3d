// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-vsock (virtio 1.2 section 5.10): sockets between guest and host, served
 * by the host's kernel.  The third queue would carry events, of a guest that has
 * moved to another host; there are none, and its buffers stay where they are.
 */
#include <errno.h>
#include <linux/vhost.h>
#include <linux/virtio_vsock.h>
#include <string.h>
#include <sys/ioctl.h>

#include "die.h"
#include "vhost.h"
#include "virtio_vsock.h"

#define QUEUE_MAX	128

enum { RX, TX, EVENTS, NR_QUEUES };

static struct vsock {
	struct virtio_dev dev;
	struct virtio_ops ops;
	struct vhost vhost;
} vsock;

static bool run(struct vhost *vhost, bool on)
{
	int running = on;

	return !ioctl(vhost->fd, VHOST_VSOCK_SET_RUNNING, &running);
}

static void vsock_start(struct virtio_dev *dev)
{
	(void)dev;
	vhost_start(&vsock.vhost);
}

static void vsock_reset(struct virtio_dev *dev)
{
	(void)dev;
	vhost_stop(&vsock.vhost);
}

/* Of the host's guests, each has another; who comes first has it. */
static u64 take_cid(u32 wanted)
{
	u64 cid = wanted == VSOCK_CID_ANY ? VSOCK_CID_MIN : wanted;

	while (ioctl(vsock.vhost.fd, VHOST_VSOCK_SET_GUEST_CID, &cid)) {
		if (errno != EADDRINUSE)
			die_errno("--vsock: vhost does not take CID %llu", cid);
		if (cid == wanted)
			die("--vsock=%u: another guest has this CID; --vsock takes one that is free",
			    wanted);
		cid++;
	}
	return cid;
}

u32 virtio_vsock_add(struct vm *vm, u32 wanted)
{
	struct virtio_vsock_config config;

	vhost_open(&vsock.vhost, "vsock", "--vsock");
	config.guest_cid = take_cid(wanted);
	memcpy(vsock.dev.config, &config, sizeof(config));
	vsock.vhost.run = run;
	vsock.ops = (struct virtio_ops){
		.name = "vsock",
		.id = VIRTIO_ID_VSOCK,
		.nr_queues = NR_QUEUES,
		.queue_max = QUEUE_MAX,
		.features = vsock.vhost.features & 1ULL << VIRTIO_VSOCK_F_SEQPACKET,
		.config_len = sizeof(config),
		.start = vsock_start,
		.reset = vsock_reset,
	};
	vhost_add(vm, &vsock.vhost, &vsock.dev, &vsock.ops);
	return config.guest_cid;
}
