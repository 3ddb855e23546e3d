/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROOTFS_RUN_STREAMS_H
#define ROOTFS_RUN_STREAMS_H

#include <sys/types.h>

/*
 * The command's end of a pipe whose other end is carried to or from the port of
 * standard input (0), output (1) or error (2); -1: there is no such port.
 */
int stream_open(int nr);

/* Where a message of init goes: the port of standard error, or -1. */
int stream_message_fd(void);

/* Before the command starts. */
void streams_prepare(void);

/*
 * Carries bytes until the command has ended, and everything it started with it,
 * and its output is with the host.  Closes @fds, which are the command's.  The
 * status is a shell's: 128 + N for signal N.
 */
int streams_carry(pid_t command, int fds[3]);

#endif /* ROOTFS_RUN_STREAMS_H */
