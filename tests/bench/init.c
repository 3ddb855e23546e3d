// SPDX-License-Identifier: GPL-2.0
/*
 * The first process of a guest whose boot is measured by launch.c: says that it is
 * there, leaves the guest idle for a while, says so, and ends it.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "launch.h"

static void say(const char *text)
{
	if (write(1, text, strlen(text)) < 0)
		_exit(1);
}

int main(void)
{
	/* the kernel passes on what it does not know of its command line */
	const char *end = getenv("end");

	say(SAYS_HELLO "\n");
	usleep(IDLE_MS * 1000);
	say(SAYS_BYE "\n");
	reboot(end && !strcmp(end, "reset") ? RB_AUTOBOOT : RB_POWER_OFF);
	return 1;
}
