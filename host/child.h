/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_CHILD_H
#define HOST_CHILD_H

#include <sys/types.h>

#include "util.h"

#define CHILD_FD	3	/* its end of a connection, in the child */

/* A program that serves a device. */
struct child {
	pid_t pid;
	int errors;		/* what it writes to standard error */
	char why[512];		/* the last line of that, after child_wait() */
};

/*
 * Starts words[0], a path or a name in $PATH, and closes @fd, which is its now.
 * False, and errno: it could not be started.
 */
bool child_start(struct child *child, char **words, int fd);

/* Waits until it closes standard error and ends; 0: in order. */
int child_wait(struct child *child);

#endif /* HOST_CHILD_H */
