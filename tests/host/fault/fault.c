// SPDX-License-Identifier: GPL-2.0
/*
 * Whether it is this call's turn to fail, see fault.S: the one whose number is
 * in $FAULT is, and says so on standard error.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"

static atomic_int calls;

bool fault_hits(const char *name)
{
	const char *number = getenv("FAULT");
	char line[64];

	if (!number || ++calls != atoi(number))
		return false;
	snprintf(line, sizeof(line), "fault: %s\n", name);
	if (write(STDERR_FILENO, line, strlen(line)) < 0)
		abort();
	errno = EIO;
	return true;
}
