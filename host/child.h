/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_CHILD_H
#define HOST_CHILD_H

#include <sys/types.h>

#include "util.h"

#define CHILD_FD	3	/* its end of a connection, in the child */

/* A program that serves a device. */
struct child {
	pid_t pid;
	int pidfd;
	int error;		/* why it did not start */
	int errors;		/* what it writes to standard error */
	char why[512];		/* the last line of that, after child_wait() */
};

/*
 * Starts words[0], a path or a name in $PATH, and closes @fd, which is its now.
 * The main thread does it: the program ends with the thread that started it.
 * A failure is one line, @label, "OBJECT: PROGRAM", in front, and the end.
 */
void child_start(struct child *child, char **words, int fd, const char *label,
		 const char *package);

/* Waits until it closes standard error and ends; 0: in order. */
int child_wait(struct child *child);

/* Tells it to end, and waits until it has, but not for ever. */
void child_end(const struct child *child, int patience_ms);

#endif /* HOST_CHILD_H */
