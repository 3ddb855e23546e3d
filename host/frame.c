// SPDX-License-Identifier: GPL-2.0
/*
 * Frames in a stream of bytes (frame.h), for both ends.  The other end is never
 * trusted: each length is looked at before it is used.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"

/* To the front, so that there is room behind. */
static void move_up(struct frames *frames)
{
	frames->len -= frames->at;
	memmove(frames->bytes, frames->bytes + frames->at, frames->len);
	frames->at = 0;
}

int frame_fill(struct frames *in, int fd)
{
	ssize_t got;

	move_up(in);
	got = read(fd, in->bytes + in->len, sizeof(in->bytes) - in->len);
	if (got > 0)
		in->len += got;
	else if (!got || (errno != EAGAIN && errno != EINTR))
		return -1;
	return got > 0;
}

int frame_take(struct frames *in, struct frame *frame)
{
	const u8 *at = in->bytes + in->at;
	size_t there = in->len - in->at;

	if (there < FRAME_HEAD)
		return 0;
	frame->kind = at[0];
	frame->len = at[1] | at[2] << 8;
	frame->data = at + FRAME_HEAD;
	if (frame->len > FRAME_MAX)
		return -1;
	if (there < FRAME_HEAD + (size_t)frame->len)
		return 0;
	in->at += FRAME_HEAD + frame->len;
	return 1;
}

bool frame_room(const struct frames *out)
{
	return out->len - out->at <= sizeof(out->bytes) / 2;
}

void frame_put(struct frames *out, u8 kind, const void *data, u16 len)
{
	const u8 head[FRAME_HEAD] = { kind, len & 0xff, len >> 8 };

	move_up(out);
	memcpy(out->bytes + out->len, head, sizeof(head));
	if (len)
		memcpy(out->bytes + out->len + sizeof(head), data, len);
	out->len += sizeof(head) + len;
}

/* That the other end has gone is seen when it is read from. */
void frame_flush(struct frames *out, int fd)
{
	ssize_t done = 0;

	if (out->at < out->len)
		done = send(fd, out->bytes + out->at, out->len - out->at,
			    MSG_NOSIGNAL);
	if (done > 0)
		out->at += done;
}
