// SPDX-License-Identifier: GPL-2.0
/*
 * "linux run -- COMMAND": a guest that looks like a program.  It is an ordinary
 * start, of which this file chooses the words: a directory to be the root, no
 * console but a terminal, three streams.  The user's own words come after them
 * and may change them.  run.c has what the command line cannot carry.
 */
#include <unistd.h>

#include "die.h"
#include "options.h"
#include "run.h"

#define MEM_DEFAULT	MIB(512)

/* With "linux run | less" the terminal is not the guest's alone. */
bool run_has_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

void options_run(struct options *opts)
{
	char tty[] = "con0=fd:0,fd:1", null[] = "con0=null";

	opts->is_run = true;
	opts->mem_len = MEM_DEFAULT;
	port_parse(opts->ports, run_has_terminal() ? tty : null);
}

static void check_run(const struct options *opts, const char *name)
{
	if (!opts->is_run)
		die("%s: only for linux run", name);
}

void options_run_rw(struct options *opts, char *value)
{
	(void)value;
	check_run(opts, "--rw");
	opts->run_rw = true;
}

void options_run_root(struct options *opts, char *value)
{
	check_run(opts, "--root");
	opts->run_root = value;
}

void options_run_command(struct options *opts, char **command)
{
	static char top[2];

	if (opts->action != ACTION_RUN)
		return;
	if (!command || !*command)
		die("run: no command; write linux run -- COMMAND");
	opts->command = command;
	top[0] = '/';
	options_add_dir(opts, RUN_TAG, opts->run_root ? opts->run_root : top,
			!opts->run_rw);
}
