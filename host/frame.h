/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What "linux shell" on the host and shelld in the guest say to each other over
 * a vsock connection: frames of one byte kind, two bytes length (little endian)
 * and so many bytes.  Documentation/devices.rst has the order.
 */
#ifndef HOST_FRAME_H
#define HOST_FRAME_H

#include <sys/types.h>

#include "util.h"

#define SHELL_PORT	514	/* of "shell" in /etc/services; for root only */
#define SHELL_KEY_LEN	16	/* hexadecimal digits */
#define SHELL_KEY_WORD	"umkvm.shell="	/* the key on the kernel's command line */

/* From the host: KEY, SIZE if there is a terminal, RUN; then IN and SIZE. */
#define FRAME_KEY	'K'
#define FRAME_SIZE	'W'	/* struct frame_size, and the first time $TERM */
#define FRAME_RUN	'R'	/* a command line; of no bytes: a login shell */
#define FRAME_IN	'I'	/* input; of no bytes: its end */
#define FRAME_PING	'P'	/* nothing: a guest that has rebooted knows of nobody */
/* From the guest: OUT and ERR, then STATUS, which is the last. */
#define FRAME_OUT	'O'
#define FRAME_ERR	'E'
#define FRAME_STATUS	'X'	/* one byte */

#define FRAME_HEAD	3
#define FRAME_MAX	4096	/* bytes after the head */

struct frame_size {
	u8 rows[2];		/* little endian */
	u8 columns[2];
};

struct frame {
	u8 kind;
	u16 len;
	const u8 *data;
};

/* One direction: the bytes from at to len wait, for frame_take() or flush. */
struct frames {
	size_t at, len;
	u8 bytes[2 * (FRAME_HEAD + FRAME_MAX)];
};

/* Reads what is there.  0: nothing, now; -1: nothing will come any more. */
int frame_fill(struct frames *in, int fd);
/*
 * 1: a frame, which is valid until the next frame_fill(); 0: there is no whole
 * one; -1: it is longer than any can be.
 */
int frame_take(struct frames *in, struct frame *frame);

/* True: one of any length can be put. */
bool frame_room(const struct frames *out);
void frame_put(struct frames *out, u8 kind, const void *data, u16 len);
/* Writes what it can. */
void frame_flush(struct frames *out, int fd);

#endif /* HOST_FRAME_H */
