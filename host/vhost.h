/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VHOST_H
#define HOST_VHOST_H

#include "virtio.h"

#define VHOST_QUEUES	2	/* of each device here: to the guest, from it */

/*
 * A device whose first queues are served by the host's kernel.  @run makes it
 * begin or let go, by a call that each device has of its own; false, and errno:
 * it could not.
 */
struct vhost {
	struct virtio_dev *dev;
	int fd;
	u64 features;		/* that this host knows */
	bool running;
	bool (*run)(struct vhost *vhost, bool on);
	struct event errors[VHOST_QUEUES];
};

/*
 * Opens /dev/vhost-NAME.  If that fails: false, or, with the @label of the
 * option that needs it, one line and the end.
 */
bool vhost_open(struct vhost *vhost, const char *name, const char *label);

/* In the place of virtio_add(); @vhost is open and has its run(). */
void vhost_add(struct vm *vm, struct vhost *vhost, struct virtio_dev *dev,
	       const struct virtio_ops *ops);

/* For start() and reset() of the device. */
void vhost_start(struct vhost *vhost);
void vhost_stop(struct vhost *vhost);

#endif /* HOST_VHOST_H */
