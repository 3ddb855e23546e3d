/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_DIE_H
#define HOST_DIE_H

#include "util.h"

/* One line "linux: ...", nothing else changes. */
void warn(const char *fmt, ...) PRINTF(1, 2);

/* Text on stderr as it is; several lines may come in one call. */
void print_err(const char *fmt, ...) PRINTF(1, 2);

/* The user or the host is at fault: one line and UMKVM_EXIT_USAGE. */
_Noreturn void die(const char *fmt, ...) PRINTF(1, 2);

/* The same, with the text of errno at the end of the line. */
_Noreturn void die_errno(const char *fmt, ...) PRINTF(1, 2);

/* What die() ends with from here on; --probe has a status of its own. */
void die_set_status(int status);

/* @fn runs before the process ends by quit() or die(), the last one first. */
void at_quit(void (*fn)(void));
_Noreturn void quit(int status);

/* While the terminal is raw a new line needs its carriage return. */
void die_set_raw(bool raw);

#endif /* HOST_DIE_H */
