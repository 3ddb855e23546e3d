/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_SANDBOX_H
#define HOST_SANDBOX_H

#include "util.h"

/*
 * From here on every thread of the process can only make the system calls in
 * the list.  @pid_file: one has to be removed at the end.  @sockets: consoles
 * are waiting for clients.
 */
void sandbox_enter(bool pid_file, bool sockets);

#endif /* HOST_SANDBOX_H */
