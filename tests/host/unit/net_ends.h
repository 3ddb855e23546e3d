/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Both ends of a network device: the driver's, which is rings in fake memory,
 * and passt's, which is a socket.
 */
#ifndef TESTS_HOST_NET_ENDS_H
#define TESTS_HOST_NET_ENDS_H

#include "event.h"
#include "virtio.h"
#include "virtio_net.h"

#define SIZE	16
#define BUFFER	4096
#define HEAD	NET_HEAD_LEN

enum { RX, TX, NR_QUEUES };

struct queue {
	_Alignas(16) struct vring_desc desc[SIZE];
	u16 avail[2 + SIZE + 1];
	struct {
		_Alignas(4) u16 flags;
		u16 idx;
		struct vring_used_elem ring[SIZE];
		u16 avail_event;
	} used;
	u8 buffer[SIZE][BUFFER];
	u16 seen;
};

extern struct queue *queues;
extern struct virtio_dev *dev;
extern struct event *event;
extern int passt;

/* A device of its own for each test. */
int make_net(void **state);
int drop_net(void **state);

/* The driver starts, on fresh memory. */
void start(u64 features);
void offer(unsigned int nr, u16 slot, u32 len, u16 flags);
void kick(unsigned int queue);
/* @nr buffers to fill, of @len bytes each. */
void offer_in(unsigned int nr, u32 len);
/* The next buffer that came back, and how much is in it; NULL: none. */
const u8 *take(unsigned int nr, u32 *len);

/* What the device thread does when the link is ready. */
void poll_link(void);
void passt_sends(const void *frame, u32 len);
void small_socket(void);

#endif /* TESTS_HOST_NET_ENDS_H */
