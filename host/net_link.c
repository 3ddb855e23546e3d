// SPDX-License-Identifier: GPL-2.0
/*
 * Frames on their way to passt or a tap, and back.  passt has a stream: a frame
 * is its length, 4 bytes, big endian, and its bytes.  A tap has frames with
 * virtio headers, one a call.  Nothing here waits.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "die.h"
#include "net.h"
#include "virtq.h"

#define LENGTH_LEN	sizeof(__be32)

static void lose(struct net_link *link, const char *why)
{
	if (!link->gone)
		warn("--net %s: %s; the guest's network is down",
		     link->stream ? "user" : "tap", why);
	link->gone = true;
	link->out_at = link->out_len = 0;
}

/* What read() and write() return; bytes that were moved. */
static size_t moved(struct net_link *link, ssize_t ret)
{
	if (ret > 0)
		return ret;
	if (!ret || errno == EPIPE || errno == ECONNRESET)
		lose(link, "passt has ended");
	else if (errno == EBADFD)
		lose(link, "the device is gone");
	return 0;
}

bool link_read(struct net_link *link)
{
	size_t got;

	link->in_len -= link->in_at;
	memmove(link->in, link->in + link->in_at, link->in_len);
	link->in_at = 0;
	got = moved(link, read(link->fd, link->in + link->in_len,
			       sizeof(link->in) - link->in_len));
	link->in_len += got;
	return got;
}

bool link_next(struct net_link *link, struct net_frame *frame)
{
	const u8 *at = link->in + link->in_at;
	size_t there = link->in_len - link->in_at, len = there;
	size_t head = link->stream ? LENGTH_LEN : NET_HEAD_LEN;
	__be32 length;

	if (there < head)
		return false;
	if (link->stream) {
		memcpy(&length, at, sizeof(length));
		len = head + ntohl(length);
		if (len > head + NET_FRAME_MAX)
			lose(link, "passt sends nonsense");
		if (len > there || link->gone)
			return false;
	}
	*frame = (struct net_frame){ .data = at + head, .len = len - head };
	if (!link->stream)
		memcpy(&frame->head, at, head);
	link->in_at += len;
	return true;
}

/* The stream has to go on with what is left of a frame. */
static void keep_rest(struct net_link *link, const struct iovec *iov,
		      unsigned int nr, size_t done)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		size_t skip = min_u64(done, iov[i].iov_len);
		size_t rest = iov[i].iov_len - skip;

		memcpy(link->out + link->out_len, (u8 *)iov[i].iov_base + skip,
		       rest);
		link->out_len += rest;
		done -= skip;
	}
}

bool link_send(struct net_link *link, const struct iovec *iov, unsigned int nr)
{
	struct iovec out[1 + VIRTQ_CHAIN_MAX];
	size_t skip = NET_HEAD_LEN, len = 0;
	__be32 length;
	unsigned int i;

	if (!link->stream)
		return writev(link->fd, iov, nr) > 0;
	for (i = 0; i < nr; i++) {
		size_t part = min_u64(skip, iov[i].iov_len);

		out[1 + i].iov_base = (u8 *)iov[i].iov_base + part;
		out[1 + i].iov_len = iov[i].iov_len - part;
		len += out[1 + i].iov_len;
		skip -= part;
	}
	length = htonl(len);
	out[0] = (struct iovec){ &length, sizeof(length) };
	len = moved(link, writev(link->fd, out, 1 + nr));
	if (!link->gone)
		keep_rest(link, out, 1 + nr, len);
	return !link->gone;
}

bool link_flush(struct net_link *link)
{
	if (link->out_at < link->out_len)
		link->out_at += moved(link, write(link->fd,
						  link->out + link->out_at,
						  link->out_len - link->out_at));
	if (link->out_at < link->out_len)
		return false;
	link->out_at = link->out_len = 0;
	return true;
}

/* A driver that wants segments without checksums gets none of both. */
void link_set_offloads(struct net_link *link, u64 features)
{
	static const unsigned int offloads[][2] = {
		{ VIRTIO_NET_F_GUEST_CSUM, TUN_F_CSUM },
		{ VIRTIO_NET_F_GUEST_TSO4, TUN_F_TSO4 },
		{ VIRTIO_NET_F_GUEST_TSO6, TUN_F_TSO6 },
	};
	unsigned long set = 0;
	size_t i;

	if (link->stream)
		return;
	for (i = 0; i < ARRAY_SIZE(offloads); i++)
		set |= features >> offloads[i][0] & 1 ? offloads[i][1] : 0;
	if (ioctl(link->fd, TUNSETOFFLOAD, set))
		ioctl(link->fd, TUNSETOFFLOAD, 0UL);
}
