// SPDX-License-Identifier: GPL-2.0
/*
 * Starting threads, all of which live until the process ends.
 */
#include <errno.h>
#include <semaphore.h>
#include <stddef.h>

#include "die.h"
#include "thread.h"

struct start {
	void (*fn)(void *arg);
	void *arg;
	sem_t running;
};

static void *run(void *arg)
{
	struct start *start = arg;
	void (*fn)(void *arg) = start->fn;

	arg = start->arg;
	/* thread_start() returns now, and start is gone with it. */
	sem_post(&start->running);
	fn(arg);
	return NULL;
}

void thread_start(pthread_t *thread, void (*fn)(void *arg), void *arg,
		  const char *what)
{
	struct start start = { .fn = fn, .arg = arg };

	sem_init(&start.running, 0, 0);
	errno = pthread_create(thread, NULL, run, &start);
	if (errno)
		die_errno("cannot start the thread of %s", what);
	while (sem_wait(&start.running))
		;
	sem_destroy(&start.running);
}
