// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that the host's kernel serves (linux/vhost.h).  A thread of the kernel
 * uses this process's mapping of guest memory, is rung by the driver's doorbell
 * and interrupts the guest, both by eventfds that KVM has too: no thread of the
 * shim takes part.  The shim says where the queues are when a driver starts, and
 * has the kernel let go of them before their memory is used for something else.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vhost.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "die.h"
#include "vhost.h"

/* EOPNOTSUPP: it is older than what all devices here have. */
static bool open_file(struct vhost *vhost, const char *name)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/vhost-%s", name);
	vhost->fd = open(path, O_RDWR | O_CLOEXEC);
	if (vhost->fd < 0)
		return false;
	if (!ioctl(vhost->fd, VHOST_GET_FEATURES, &vhost->features) &&
	    !(~vhost->features & VIRTIO_FEATURES))
		return true;
	close(vhost->fd);
	errno = EOPNOTSUPP;
	return false;
}

bool vhost_open(struct vhost *vhost, const char *name, const char *label)
{
	if (open_file(vhost, name))
		return true;
	if (!label)
		return false;
	if (errno == EACCES || errno == EPERM)
		die("%s: cannot open /dev/vhost-%s: %s; it is for root, or give it to your group (usually kvm)",
		    label, name, strerror(errno));
	die("%s: cannot open /dev/vhost-%s: %s; as root: modprobe vhost_%s",
	    label, name, strerror(errno), name);
}

/* Ours stands for the host's: what it reads and writes there is guest memory. */
static void set_memory(struct vhost *vhost, const struct guest_ram *ram)
{
	const struct {
		struct vhost_memory head;
		struct vhost_memory_region regions[2];
	} table = {
		.head.nregions = ram->high_len ? 2 : 1,
		.regions = {
			{ 0, ram->low_len, (u64)ram->host, 0 },
			{ UMKVM_HOLE_END, ram->high_len,
			  (u64)ram->host + ram->low_len, 0 },
		},
	};

	if (ioctl(vhost->fd, VHOST_SET_OWNER) ||
	    ioctl(vhost->fd, VHOST_SET_MEM_TABLE, &table))
		die_errno("%s: vhost does not take guest memory",
			  vhost->dev->ops->name);
}

/* The kernel does not complain in words: its log belongs to the host. */
static void on_error(struct event *event)
{
	struct vhost *vhost = event->owner;
	u64 count;

	if (read(event->fd, &count, sizeof(count)) < 0)
		return;
	pthread_mutex_lock(&vhost->dev->lock);
	if (vhost->running) {
		vhost_stop(vhost);
		virtio_break(vhost->dev, event - vhost->errors,
			     "vhost finds it broken");
	}
	pthread_mutex_unlock(&vhost->dev->lock);
}

/* These stay for ever: while the device does not run, nobody listens. */
static void wire_queue(struct vhost *vhost, unsigned int index)
{
	struct virtio_queue *queue = &vhost->dev->queues[index];
	struct event *error = &vhost->errors[index];
	struct vhost_vring_file file = { index, queue->doorbell.fd };

	error->fd = event_new_fd();
	error->events = POLLIN;
	error->fn = on_error;
	error->owner = vhost;
	event_add(error);
	if (ioctl(vhost->fd, VHOST_SET_VRING_KICK, &file))
		die_errno("%s: vhost takes no doorbell", vhost->dev->ops->name);
	file.fd = queue->irq_fd;
	if (ioctl(vhost->fd, VHOST_SET_VRING_CALL, &file))
		die_errno("%s: vhost takes no interrupt", vhost->dev->ops->name);
	file.fd = error->fd;
	if (ioctl(vhost->fd, VHOST_SET_VRING_ERR, &file))
		die_errno("%s: vhost takes no eventfd", vhost->dev->ops->name);
}

void vhost_add(struct vm *vm, struct vhost *vhost, struct virtio_dev *dev,
	       const struct virtio_ops *ops)
{
	unsigned int i;

	vhost->dev = dev;
	virtio_add(vm, dev, ops);
	for (i = 0; i < ops->nr_queues; i++)
		dev->queues[i].doorbell.events = 0;
	set_memory(vhost, &vm->ram);
	for (i = 0; i < VHOST_QUEUES; i++)
		wire_queue(vhost, i);
}

/* The guest's addresses are ours since virtq_set_up(). */
static bool place_queue(struct vhost *vhost, unsigned int index)
{
	const struct virtq *vq = &vhost->dev->queues[index].vq;
	const struct vhost_vring_state size = { index, vq->size };
	const struct vhost_vring_state base = { index, 0 };
	const struct vhost_vring_addr addr = {
		.index = index,
		.desc_user_addr = (u64)vq->desc,
		.avail_user_addr = (u64)vq->avail,
		.used_user_addr = (u64)vq->used,
	};

	return vq->size &&
	       !ioctl(vhost->fd, VHOST_SET_VRING_NUM, &size) &&
	       !ioctl(vhost->fd, VHOST_SET_VRING_BASE, &base) &&
	       !ioctl(vhost->fd, VHOST_SET_VRING_ADDR, &addr);
}

void vhost_start(struct vhost *vhost)
{
	u64 features = vhost->dev->features & vhost->features;
	unsigned int i;

	if (ioctl(vhost->fd, VHOST_SET_FEATURES, &features))
		goto refused;
	for (i = 0; i < VHOST_QUEUES; i++) {
		if (!place_queue(vhost, i))
			goto refused;
	}
	vhost->running = true;
	if (!vhost->run(vhost, true)) {
		vhost_stop(vhost);
		goto refused;
	}
	/* Requests may be there already, and their doorbell gone. */
	for (i = 0; i < VHOST_QUEUES; i++)
		event_signal(vhost->dev->queues[i].doorbell.fd);
	return;
refused:
	virtio_break(vhost->dev, 0, "vhost does not take it");
}

/* The call returns when nothing is under way in the queues any more. */
void vhost_stop(struct vhost *vhost)
{
	if (vhost->running && !vhost->run(vhost, false))
		die_errno("%s: vhost does not stop", vhost->dev->ops->name);
	vhost->running = false;
}
