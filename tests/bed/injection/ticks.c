// SPDX-License-Identifier: GPL-2.0
/*
 * In a guest: 20,000 timer interrupts, while the CPU is never idle.  47
 * microseconds, so that they drift past the ticks of L1, each 4 milliseconds.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

static volatile sig_atomic_t ticks;

static void tick(int nr)
{
	(void)nr;
	ticks++;
}

int main(void)
{
	struct itimerval every = { { 0, 47 }, { 0, 47 } };

	signal(SIGALRM, tick);
	if (setitimer(ITIMER_REAL, &every, NULL)) {
		perror("setitimer");
		return 1;
	}
	while (ticks < 20000)
		;
	printf("%d ticks\n", ticks);
	return 0;
}
