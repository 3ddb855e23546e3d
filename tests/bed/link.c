// SPDX-License-Identifier: GPL-2.0
/*
 * Frames, windows, sources and sinks of the test bed's link; see link.h.
 * Never blocks: sources are read and sinks written only when poll() says so,
 * and a sink takes at most PIPE_BUF bytes at a time, which poll() promises.
 * Both ends run on the same architecture, so frames are in native byte order.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link.h"

#define CHUNK	16384u

static void buf_add(struct buf *b, const void *data, size_t len)
{
	if (b->start) {
		memmove(b->data, b->data + b->start, b->len);
		b->start = 0;
	}
	if (b->len + len > b->size) {
		b->size = 2 * (b->len + len);
		b->data = realloc(b->data, b->size);
		if (!b->data)
			abort();
	}
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

static void buf_drop(struct buf *b, size_t len)
{
	b->start += len;
	b->len -= len;
	if (!b->len)
		b->start = 0;
}

void link_init(struct link *l, int in, int out)
{
	int i;

	memset(l, 0, sizeof(*l));
	l->in = in;
	l->out = out;
	for (i = 0; i < STREAMS; i++) {
		l->source[i].fd = -1;
		l->sink[i].fd = -1;
	}
}

void link_send(struct link *l, int type, int stream, const void *data,
	       size_t len)
{
	struct frame f = { .type = type, .stream = stream, .len = len };

	buf_add(&l->tx, &f, sizeof(f));
	if (len)
		buf_add(&l->tx, data, len);
}

void link_send_u32(struct link *l, int type, int stream, uint32_t value)
{
	link_send(l, type, stream, &value, sizeof(value));
}

void link_flush(struct link *l)
{
	ssize_t n;

	while (l->tx.len && !l->lost) {
		n = write(l->out, l->tx.data + l->tx.start, l->tx.len);
		if (n > 0)
			buf_drop(&l->tx, n);
		else if (n == 0 || errno == EAGAIN)
			return;
		else if (errno != EINTR)
			l->lost = true;
	}
}

void link_fill(struct link *l)
{
	uint8_t tmp[CHUNK];
	ssize_t n = read(l->in, tmp, sizeof(tmp));

	if (n > 0)
		buf_add(&l->rx, tmp, n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		l->lost = true;
}

/*
 * The frame stays valid until the next link_fill() or link_next(); it is a
 * copy, because a frame in the receive buffer need not be aligned.
 */
struct frame *link_next(struct link *l)
{
	static struct frame *copy;
	struct frame head;
	size_t len;

	if (l->rx.len < sizeof(head))
		return NULL;
	memcpy(&head, l->rx.data + l->rx.start, sizeof(head));
	len = sizeof(head) + head.len;
	if (l->rx.len < len)
		return NULL;
	copy = realloc(copy, len);
	if (!copy)
		abort();
	memcpy(copy, l->rx.data + l->rx.start, len);
	buf_drop(&l->rx, len);
	return copy;
}

static void source_end(struct link *l, int stream)
{
	close(l->source[stream].fd);
	l->source[stream].fd = -1;
}

/* Returns false when there is nothing to read now, or ever */
static bool source_read(struct link *l, int stream, size_t max)
{
	struct source *s = &l->source[stream];
	uint8_t tmp[CHUNK];
	ssize_t n;

	n = read(s->fd, tmp, max < CHUNK ? max : CHUNK);
	if (n > 0) {
		link_send(l, FRAME_DATA, stream, tmp, n);
		s->unacked += n;
		return true;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	/* A pty's master has EIO for end of file */
	link_send(l, FRAME_CLOSE, stream, NULL, 0);
	source_end(l, stream);
	return false;
}

void link_drain_source(struct link *l, int stream)
{
	while (l->source[stream].fd >= 0 && source_read(l, stream, CHUNK))
		;
}

static void sink_end(struct link *l, int stream)
{
	close(l->sink[stream].fd);
	l->sink[stream].fd = -1;
	buf_drop(&l->sink[stream].buf, l->sink[stream].buf.len);
}

static void sink_write(struct link *l, int stream)
{
	struct sink *s = &l->sink[stream];
	size_t len = s->buf.len < PIPE_BUF ? s->buf.len : PIPE_BUF;
	ssize_t n = write(s->fd, s->buf.data + s->buf.start, len);

	if (n > 0) {
		buf_drop(&s->buf, n);
		if (!l->one_way)
			link_send_u32(l, FRAME_ACK, stream, n);
		if (!s->buf.len && s->closing)
			sink_end(l, stream);
	} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
		link_send(l, FRAME_CLOSE, stream, NULL, 0);
		sink_end(l, stream);
	}
}

static void stream_closed(struct link *l, int stream)
{
	struct sink *s = &l->sink[stream];

	if (l->source[stream].fd >= 0)
		source_end(l, stream);
	s->closing = true;
	if (s->fd >= 0 && !s->buf.len)
		sink_end(l, stream);
}

void link_stream_frame(struct link *l, const struct frame *f)
{
	uint32_t n;

	if (f->stream >= STREAMS)
		return;
	if (f->type == FRAME_CLOSE) {
		stream_closed(l, f->stream);
	} else if (f->type == FRAME_ACK) {
		memcpy(&n, f->data, sizeof(n));
		l->source[f->stream].unacked -= n;
	} else if (f->type == FRAME_DATA && l->sink[f->stream].fd >= 0) {
		buf_add(&l->sink[f->stream].buf, f->data, f->len);
	}
}

static size_t source_room(const struct link *l, int stream)
{
	size_t unacked = l->one_way ? l->tx.len : l->source[stream].unacked;

	return unacked < LINK_WINDOW ? LINK_WINDOW - unacked : 0;
}

void link_poll(struct link *l, struct pollfd *p)
{
	int i;

	*p++ = (struct pollfd){ .fd = l->in, .events = POLLIN };
	*p++ = (struct pollfd){ .fd = l->tx.len ? l->out : -1,
				.events = POLLOUT };
	for (i = 0; i < STREAMS; i++) {
		*p++ = (struct pollfd){
			.fd = source_room(l, i) ? l->source[i].fd : -1,
			.events = POLLIN };
		*p++ = (struct pollfd){
			.fd = l->sink[i].buf.len ? l->sink[i].fd : -1,
			.events = POLLOUT };
	}
}

void link_pump(struct link *l, const struct pollfd *p)
{
	int i;

	if (p[0].revents)
		link_fill(l);
	for (i = 0, p += 2; i < STREAMS; i++, p += 2) {
		if (p[0].revents && l->source[i].fd >= 0)
			source_read(l, i, source_room(l, i));
		if (p[1].revents && l->sink[i].fd >= 0)
			sink_write(l, i);
	}
	link_flush(l);
}

bool link_sinks_empty(const struct link *l)
{
	int i;

	for (i = 0; i < STREAMS; i++)
		if (l->sink[i].buf.len)
			return false;
	return true;
}
