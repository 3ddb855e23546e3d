/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_GDB_COMMAND_H
#define HOST_GDB_COMMAND_H

#include "end.h"
#include "gdb_packet.h"
#include "gdb_stop.h"

/* One connection. */
struct gdb_session {
	struct vm *vm;
	struct gdb_in in;
	struct gdb_out out;
	bool no_ack;		/* the transport is reliable, gdb has agreed */
	bool ours;		/* gdb has started the shim, and may kill it */
	bool running;		/* gdb waits for a stop */
	unsigned int cpu;	/* whose registers and memory are asked for */
	struct gdb_why why;	/* of the last stop */
};

enum gdb_reply {
	GDB_REPLY,		/* out is to be sent */
	GDB_REPLY_LATER,	/* when the machine stops */
	GDB_REPLY_AND_CLOSE,
};

/* Acts on the packet in session->in.  All vCPUs are held unless it runs. */
enum gdb_reply gdb_command(struct gdb_session *session);

/* Writes to out why the machine stands, or how the guest ended. */
void gdb_stop_reply(struct gdb_session *session);
void gdb_end_reply(struct gdb_session *session, const struct end *end);

#endif /* HOST_GDB_COMMAND_H */
