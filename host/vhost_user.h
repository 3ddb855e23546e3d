/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VHOST_USER_H
#define HOST_VHOST_USER_H

#include "child.h"
#include "vhost_inflight.h"
#include "virtio.h"

/*
 * A virtio device that another program serves.  Who adds it fills in label,
 * "OPTION: PROGRAM" for messages, what ops says of the device, optional,
 * dev.config or has_config, inflight unless requests are completed in order, and
 * refuse, which answers a request with an error; it returns how long that is.
 */
struct vhost_user {
	struct virtio_dev dev;
	struct virtio_ops ops;
	char *label;
	struct child child;
	struct event hangup;	/* of the socket */
	u64 optional;		/* features that it may lack */
	bool has_config;	/* it says what is in dev.config */
	struct inflight *inflight;
	int inflight_fd;
	bool acks;		/* it answers each message */
	virtio_serve_fn *refuse;
	u32 started;		/* a bit for each queue */
	const char *gone;	/* why nothing is to be expected of it any more */
	bool told;
	struct vhost_user *next;
};

/*
 * Starts the program of @package, until the shim ends.  What is wrong is one
 * line and the end.
 */
void vhost_user_add(struct vm *vm, struct vhost_user *vu, char **words,
		    const char *package);

#endif /* HOST_VHOST_USER_H */
