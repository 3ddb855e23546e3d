/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is behind a network device: how the command line names it, and the link
 * that carries its frames on the host's side.
 */
#ifndef HOST_NET_H
#define HOST_NET_H

#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <sys/uio.h>

#include "util.h"

#define NETS_MAX	4
#define NET_FORWARDS	16	/* ports, of one device */
#define NET_MTU_MAX	65520
#define NET_FRAME_MAX	65535	/* passt takes no more */
#define NET_HEAD_LEN	sizeof(struct virtio_net_hdr_v1)

/* Who moves the frames of a tap. */
enum net_vhost {
	NET_VHOST_AUTO,		/* the host's kernel, where it can */
	NET_VHOST_ON,
	NET_VHOST_OFF,
};

/* One network as the command line asks for it. */
struct net_spec {
	const char *dev;		/* name of a tap; NULL: passt */
	u8 mac[ETH_ALEN];		/* all zero: a random one */
	u16 mtu;			/* 0: none was asked for */
	enum net_vhost vhost;
	unsigned int nr_forwards;
	struct {
		bool udp;
		u16 host;		/* on the loopback address */
		u16 guest;
	} forwards[NET_FORWARDS];
};

/* @label is for messages; @text is taken apart.  A mistake is the end. */
void net_parse(struct net_spec *spec, const char *label, char *text);

/*
 * The host's end.  Of the two buffers, bytes from at to len wait: to be taken
 * by link_next(), and to be sent by link_flush(), before which nothing else is.
 */
struct net_link {
	int fd;				/* never waits */
	bool stream;			/* passt: bytes; a tap: frames */
	bool gone;			/* nothing will come or go any more */
	u64 features;			/* offloads that it has */
	size_t in_at, in_len;
	size_t out_at, out_len;
	u8 in[KIB(256)];
	u8 out[KIB(68)];
};

/* A frame from outside; data is valid until the next link_read(). */
struct net_frame {
	struct virtio_net_hdr_v1 head;
	const u8 *data;
	size_t len;
};

struct net_link *link_open(const struct net_spec *spec);

/* Reads what is there; false: nothing was. */
bool link_read(struct net_link *link);
/* Takes a whole frame out of what was read; false: none is in it. */
bool link_next(struct net_link *link, struct net_frame *frame);
/* Sends a frame, virtio header first; false: it was lost. */
bool link_send(struct net_link *link, const struct iovec *iov, unsigned int nr);
/* True if nothing waits to be sent, now or any more. */
bool link_flush(struct net_link *link);
/* The driver has chosen these features. */
void link_set_offloads(struct net_link *link, u64 features);

#endif /* HOST_NET_H */
