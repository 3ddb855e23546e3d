/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Both ends of a network device: the driver's (driver.h), and passt's, which is
 * a socket.
 */
#ifndef TESTS_HOST_NET_ENDS_H
#define TESTS_HOST_NET_ENDS_H

#include "driver.h"
#include "event.h"
#include "virtio_net.h"

#define BUFFER	ROOM
#define HEAD	NET_HEAD_LEN

enum { RX, TX, NR_QUEUES };

extern struct event *event;
extern int passt;

/* A device of its own for each test. */
int make_net(void **state);
int drop_net(void **state);

/* @nr buffers to fill, of @len bytes each. */
void offer_in(unsigned int nr, u32 len);

/* What the device thread does when the link is ready. */
void poll_link(void);
void passt_sends(const void *frame, u32 len);
void small_socket(void);

#endif /* TESTS_HOST_NET_ENDS_H */
