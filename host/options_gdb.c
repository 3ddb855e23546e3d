// SPDX-License-Identifier: GPL-2.0
/*
 * --gdb and its value: where the debugger comes from, and whether to wait.
 */
#include <string.h>

#include "die.h"
#include "options.h"

void options_gdb(struct options *all, char *value)
{
	struct gdb_options *opts = &all->gdb;
	char *comma = strrchr(value, ',');
	const char *end = value;

	opts->on = true;
	opts->port = GDB_DEFAULT_PORT;
	if (!strcmp(comma ? comma + 1 : value, "wait")) {
		opts->wait = true;
		*(comma ? comma : value) = '\0';
	}
	opts->value = value;
	opts->stdio = !strcmp(value, "-");
	if (!*value || opts->stdio)
		return;
	if (strchr(value, '/')) {
		opts->path = value;
		return;
	}
	opts->port = take_count(&end, 65535);
	if (!opts->port || *end)
		die("--gdb=%s: no port of localhost, no path of a socket, and not -",
		    value);
}
