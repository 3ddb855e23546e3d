/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The link between the test bed's two halves: relay.c outside, agent.c in L1
 * (the Linux that the emulated machine runs).  Frames travel over one byte
 * channel in order; each of the four streams has a window, so that a stream
 * nobody reads never blocks the others, signals and the exit status.
 *
 * A stream has a source on one side, which reads a descriptor and sends what
 * it gets, and a sink on the other, which buffers, writes and acknowledges.
 */
#ifndef BED_LINK_H
#define BED_LINK_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum frame_type {
	FRAME_READY	= 1,	/* agent: waits for a job; the state is saved here */
	FRAME_START	= 2,	/* relay: the job is on the disk */
	FRAME_DATA	= 3,	/* bytes of a stream */
	FRAME_ACK	= 4,	/* u32: bytes of a stream that reached the sink */
	FRAME_CLOSE	= 5,	/* from a source: end of file; from a sink: gone */
	FRAME_SIGNAL	= 6,	/* u32: relay passes a signal to the program */
	FRAME_WINSIZE	= 7,	/* u32 rows, u32 columns of the outer terminal */
	FRAME_EXIT	= 8,	/* u32: the program's status, as a shell has it */
	FRAME_ERROR	= 9,	/* text: the agent cannot run the job */
	FRAME_STARTED	= 10,	/* agent: FRAME_START has arrived */
	FRAME_PING	= 11,	/* relay: nothing, but an interrupt */
};

/* Streams: the three standard ones as pipes, and one for a terminal's output */
enum {
	STREAM_TTY	= 3,
	STREAMS		= 4,
};

struct frame {
	uint8_t type;
	uint8_t stream;
	uint16_t reserved;
	uint32_t len;
	uint8_t data[];
};

#define LINK_WINDOW	65536u

struct buf {
	uint8_t *data;
	size_t start, len, size;
};

struct source {
	int fd;
	size_t unacked;
};

struct sink {
	int fd;
	bool closing;
	struct buf buf;
};

/*
 * struct link - one end
 * @in, @out:	the channel, non-blocking
 * @lost:	the other end is gone
 * @one_way:	the way to the agent is narrow, a serial port with 16 bytes of
 *		buffer that loses what comes too fast: acknowledge nothing, and
 *		rely on the other end's reading and buffering whatever comes
 */
struct link {
	int in, out;
	bool lost, one_way;
	struct buf rx, tx;
	struct source source[STREAMS];
	struct sink sink[STREAMS];
};

void link_init(struct link *l, int in, int out);
void link_send(struct link *l, int type, int stream, const void *data,
	       size_t len);
void link_send_u32(struct link *l, int type, int stream, uint32_t value);

/* Read what is there; then link_next() hands out whole frames, one a call */
void link_fill(struct link *l);
struct frame *link_next(struct link *l);
void link_flush(struct link *l);

/* The part of a frame's meaning that both sides share: data, ack, close */
void link_stream_frame(struct link *l, const struct frame *f);

/* Poll entries for channel and streams; link_pump() acts on the results */
#define LINK_POLLS	(2 + 2 * STREAMS)
void link_poll(struct link *l, struct pollfd *p);
void link_pump(struct link *l, const struct pollfd *p);

/* Read a source until it has nothing more, whatever the window says */
void link_drain_source(struct link *l, int stream);
bool link_sinks_empty(const struct link *l);

#endif
