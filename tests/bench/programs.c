// SPDX-License-Identifier: GPL-2.0
/*
 * Programs of Debian, as a user runs them: Python, and a compiler with make.  Their
 * work is in the directory bench-project beside this program.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

static void run_python(unsigned long n)
{
	char *script = beside_me("-project/work.py");

	if (!access("/usr/bin/python3", X_OK) && !access(script, R_OK))
		fork_exec(n, (const char *[]){ "/usr/bin/python3", "-I", "-S", script,
					       NULL });
}

/* All files anew, each time */
static void run_build(unsigned long n)
{
	char *makefile = beside_me("-project/Makefile");
	char dir[] = "/tmp/bench.XXXXXX", command[PATH_MAX];

	if (access("/usr/bin/make", X_OK) || access("/usr/bin/gcc", X_OK) ||
	    access(makefile, R_OK))
		return;
	must(!!mkdtemp(dir), dir);
	fork_exec(n, (const char *[]){ "/usr/bin/make", "-s", "-B", "-C", dir, "-f",
				       makefile, NULL });
	snprintf(command, sizeof(command), "rm -r %s", dir);
	must(!system(command), command);
}

const struct op program_ops[] = {
	{ "python", 2, run_python },
	{ "build", 1, run_build },
	{ 0 }
};
