/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two files of virtio-console share: the ports and their state.
 */
#ifndef HOST_CONSOLE_LINE_H
#define HOST_CONSOLE_LINE_H

#include <linux/virtio_console.h>

#include "port.h"
#include "virtio.h"

/* Port n > 0 has the queues 2n + 2 and 2n + 3. */
enum { RX_CONSOLE, TX_CONSOLE, RX_CONTROL, TX_CONTROL };

#define NR_STREAMS	3

struct line {
	unsigned int rx_queue;		/* the other one follows it */
	struct port host;
	bool open;			/* by the guest */
	bool told_end;			/* the guest knows: no more input */
	u16 size[2];			/* that it was told last */
	u32 owed;			/* see virtio_console_control.c */
	bool holds;			/* of a stream: output that waits, */
	struct virtq_chain held;	/* with all from buffer next on */
	unsigned int next;
};

extern struct console {
	struct virtio_dev dev;
	struct event resize;
	struct line *stdin_console;	/* NULL: none reads standard input */
	unsigned int nr_lines;
	struct line lines[PORTS_MAX + NR_STREAMS];
	struct virtq_chain chain;
} con;

static struct line *const console = &con.lines[0];
static struct line *const stream = &con.lines[1];

static inline bool is_stream(const struct line *line)
{
	return line->host.spec->kind == PORT_STREAM;
}

static inline bool is_output(const struct line *line)
{
	return is_stream(line) && line != stream;
}

/* Takes the next request of a queue into con.chain. */
static inline bool console_take(unsigned int queue)
{
	return virtio_take(&con.dev, queue, &con.chain);
}

/* A message, VIRTIO_CONSOLE_*, that the driver is to get; sends all of them. */
void control_owe(struct line *line, u16 event);
void control_send(void);
/* Reads the driver's messages and answers. */
void control_read(void);

/* virtio_console_stream.c: output as far as its reader takes it. */
void stream_write(struct line *line);
void stream_on_writable(struct event *event);

#endif /* HOST_CONSOLE_LINE_H */
