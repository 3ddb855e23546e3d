/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is behind a console: how the command line names it, and its end on the
 * host.
 */
#ifndef HOST_PORT_H
#define HOST_PORT_H

#include "event.h"
#include "util.h"

#define PORTS_MAX	8	/* hvc0 to hvc7: HVC_ALLOC_TTY_ADAPTERS */
#define PORT_SPECS	(2 * PORTS_MAX)
#define PORT_NAME_LEN	8

enum port_kind {
	PORT_NONE, PORT_FDS, PORT_PTY, PORT_FILE, PORT_UNIX, PORT_TCP,
	PORT_STREAM,			/* no console: plain bytes, one way */
};

/* One console as the command line asks for it. */
struct port_spec {
	char name[PORT_NAME_LEN];	/* "con0", "ssl7" */
	const char *value;		/* for messages */
	bool by_name;			/* "con=" does not change it */
	enum port_kind kind;
	int in, out;			/* of PORT_FDS, PORT_STREAM; -1: null */
	const char *path;		/* of PORT_FILE and PORT_UNIX */
	u16 tcp;
};

/* con0 on standard input and output, no other. */
void port_defaults(struct port_spec specs[PORT_SPECS]);
/* "con1=CHANNEL" and its like; false: it is another word. */
bool port_parse(struct port_spec specs[PORT_SPECS], char *word);
/* What only all words together can show to be wrong. */
void port_check(const struct port_spec specs[PORT_SPECS]);

/*
 * The host's end.  All but port_open() is for one thread at a time and waits
 * for a short time at most (standard output: see console_write()).  Bytes from
 * at to len were read and wait for the guest.
 */
struct port {
	const struct port_spec *spec;
	struct event input;		/* fd -1: no input, or no more */
	struct event listener;		/* fd -1: not a socket */
	int out;			/* -1: output is dropped */
	int client;			/* -1: nobody has connected yet */
	bool slow;			/* its reader has let us wait in vain */
	bool at_end;			/* the input has ended */
	size_t at, len;
	u8 buf[4096];
};

/* Failure is the end.  @rank: it is the guest's hvc of this number. */
void port_open(struct port *port, const struct port_spec *spec,
	       unsigned int rank);

/* Takes who waits at the listener, unless another client is there. */
void port_accept(struct port *port);
/* Reads what is there, when all that was read before is taken. */
void port_read(struct port *port);
/* Drops what a slow reader does not take, and all if there is none. */
void port_write(struct port *port, const void *text, size_t len);
/* False: it has no size, or none that is known. */
bool port_size(const struct port *port, u16 size[2]);

#endif /* HOST_PORT_H */
