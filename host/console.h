/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_CONSOLE_H
#define HOST_CONSOLE_H

#include <sys/types.h>

#include "util.h"

/* Looks at descriptors 0, 1 and 2; a closed one becomes /dev/null. */
void console_init(void);

/* Terminal on standard input: raw while the guest has it, and back. */
void console_raw(void);
void console_restore(void);
/* The guest gets no terminal: standard input is not made raw. */
void console_leave_mode(void);
bool console_is_tty(void);
bool console_size(u16 *cols, u16 *rows);

/*
 * All of it, in order, from any thread; waits for a slow reader unless the
 * guest has ended meanwhile.  False: standard output is gone.
 */
bool console_write(const void *text, size_t len);

/* Bytes read, 0 at the end of the input, -1 if there is nothing now. */
ssize_t console_read(void *to, size_t len);

/* The last lines of output on stderr. */
void console_print_tail(void);
/* This text, without a line feed in it, is part of the last output. */
bool console_shows(const char *text);

#endif /* HOST_CONSOLE_H */
