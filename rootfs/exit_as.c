// SPDX-License-Identifier: GPL-2.0
/*
 * An extension of GNU make, loaded for `make run` only: $(exit-as N) ends make
 * with status N, so that a script sees how the guest's command ended.  A recipe
 * cannot do that: whatever its status, make turns it into 2.  With N = 0 make
 * goes on, and ends with 0 by itself if nothing else fails.
 */
#include <stdlib.h>
#include <gnumake.h>

/* make refuses to load an object without this name */
int plugin_is_GPL_compatible;

static char *exit_as(const char *name, unsigned int argc, char **argv)
{
	int status = atoi(argv[0]);

	(void)name;
	(void)argc;
	if (status)
		exit(status);
	return NULL;
}

int exit_as_gmk_setup(const gmk_floc *where)
{
	(void)where;
	gmk_add_function("exit-as", exit_as, 1, 1, GMK_FUNC_DEFAULT);
	return 1;
}
