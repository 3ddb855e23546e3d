// SPDX-License-Identifier: GPL-2.0
/*
 * threads N: N threads add to a sum, under a lock, and each one gets a signal.
 * The debugger and the tracer watch it.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS	1000
#define MAX	64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static atomic_int signals;
long sum;

static void handler(int nr)
{
	(void)nr;
	signals++;
}

void add(long value)
{
	pthread_mutex_lock(&lock);
	sum += value;
	pthread_mutex_unlock(&lock);
}

static void *work(void *arg)
{
	long i, nr = (long)arg;

	pthread_barrier_wait(&barrier);
	for (i = 0; i < ROUNDS; i++)
		add(nr);
	pthread_kill(pthread_self(), SIGUSR1);
	return NULL;
}

int main(int argc, char **argv)
{
	long i, n = argc > 1 ? atol(argv[1]) : 4;
	pthread_t thread[MAX];

	if (n < 1 || n > MAX)
		return 2;
	signal(SIGUSR1, handler);
	pthread_barrier_init(&barrier, NULL, n);
	for (i = 0; i < n; i++)
		if (pthread_create(&thread[i], NULL, work, (void *)(i + 1)))
			return 1;
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	printf("sum %ld, %d signals\n", sum, signals);
	return sum != ROUNDS * n * (n + 1) / 2 || signals != n;
}
