/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_GDB_QUERY_H
#define HOST_GDB_QUERY_H

#include "gdb_command.h"

/* Answers a packet that begins with 'q' or 'Q'; an empty reply: unknown. */
void gdb_query(struct gdb_session *session, const char *text);

#endif /* HOST_GDB_QUERY_H */
