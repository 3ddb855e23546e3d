/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stand-ins for vm.c, event.c and console.c below a virtio device.  What the
 * device asks of them is kept here, what it may find is set here.
 */
#ifndef TESTS_HOST_FAKES_H
#define TESTS_HOST_FAKES_H

#include "event.h"

extern struct fakes {
	/* what the device did */
	struct event *events[32];
	unsigned int nr_events;
	unsigned int signals;
	u8 output[1 << 16];
	size_t output_len;
	/* what it finds */
	bool is_tty;
	bool input_open;
	const u8 *input;
	size_t input_len;
} fakes;

void fakes_reset(void);

#endif /* TESTS_HOST_FAKES_H */
