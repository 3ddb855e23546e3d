/* SPDX-License-Identifier: GPL-2.0 */
/* A connection of gdb with the machine of gdb_machine.h, for unit tests. */
#ifndef TESTS_HOST_GDB_ASK_H
#define TESTS_HOST_GDB_ASK_H

#include <string.h>

#include "gdb_machine.h"

static struct gdb_session session;

static inline int set_up(void **state)
{
	(void)state;
	machine_reset();
	memset(&session, 0, sizeof(session));
	session.vm = &machine.vm;
	return 0;
}

/* The reply to one command, without its frame. */
static inline const char *ask(const char *command)
{
	static char reply[GDB_PACKET_MAX];
	size_t len = strlen(command);

	memcpy(session.in.text, command, len + 1);
	session.in.len = len;
	session.out.len = 0;
	gdb_command(&session);
	reply[0] = '\0';
	if (session.out.len < 4)
		return reply;
	memcpy(reply, session.out.text + 1, session.out.len - 4);
	reply[session.out.len - 4] = '\0';
	return reply;
}

#endif /* TESTS_HOST_GDB_ASK_H */
