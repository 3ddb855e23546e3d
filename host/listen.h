/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LISTEN_H
#define HOST_LISTEN_H

#include "util.h"

/*
 * A stream socket that listens and never blocks: on a port of 127.0.0.1, or
 * with a name in the file system, which goes when the shim ends and therefore
 * has to stay valid.  Failure is the end, in one line that begins with @label.
 */
int listen_tcp(const char *label, u16 port);
int listen_unix(const char *label, const char *path);

/* True if there are any, with clients to accept and names to remove. */
bool listen_any(void);

#endif /* HOST_LISTEN_H */
