/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs of this directory share: an end on errors, and a clock. */
#ifndef UTIL_H
#define UTIL_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Ends the program with what failed, and errno. */
static inline void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static inline double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

#endif /* UTIL_H */
