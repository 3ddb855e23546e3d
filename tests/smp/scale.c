// SPDX-License-Identifier: GPL-2.0
/*
 * How much two do in the time of one: loops of busy threads, round trips of
 * pairs of processes over pipes.
 *
 *   scale SECONDS
 *
 * prints "busy ONE TWO" and "pipe ONE TWO": operations per second of one
 * thread (pair), and of two at the same time together.  Each pair stays on a
 * CPU of its own.  It behaves alike on any x86-64 Linux with two CPUs.
 */
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double secs;

/* Between the processes; each writes to its own line */
static struct {
	_Alignas(64) double rate;
} *results;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void bind_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		perror("sched_setaffinity");
}

/* Calls @fn(@arg) for the time; returns calls per second */
static double rate_of(void (*fn)(int *fds), int *fds)
{
	double start = now(), end;
	unsigned long n = 0;

	do {
		fn(fds);
		n++;
		end = now();
	} while (end - start < secs);
	return n / (end - start);
}

static void busy(int *fds)
{
	unsigned long n = 100000;

	asm volatile("1: decq %0; jnz 1b" : "+r"(n) : : "cc");
}

static void round_trips(int *fds)
{
	char c = 0;
	int i;

	for (i = 0; i < 20; i++)
		if (write(fds[0], &c, 1) != 1 || read(fds[1], &c, 1) != 1)
			_exit(1);
}

/* The other process of a pair; it ends with the pipe */
static void echo(int *fds)
{
	int there[2], back[2];
	char c;

	if (pipe(there) || pipe(back))
		_exit(1);
	fds[0] = there[1];
	fds[1] = back[0];
	if (fork())
		return;
	close(fds[0]);
	while (read(there[0], &c, 1) == 1 && write(back[1], &c, 1) == 1)
		;
	_exit(0);
}

/* Operations per second of @n processes together, each on its own CPU */
static double together(void (*fn)(int *fds), int n)
{
	double sum = 0;
	int i, fds[2], status;

	for (i = 0; i < n; i++) {
		if (fork())
			continue;
		bind_to(i);
		if (fn == round_trips)
			echo(fds);
		results[i].rate = rate_of(fn, fds);
		_exit(0);
	}
	for (i = 0; i < n; i++)
		if (wait(&status) < 0 || status)
			exit(1);
	for (i = 0; i < n; i++)
		sum += results[i].rate;
	return sum;
}

static void measure(const char *name, void (*fn)(int *fds))
{
	double one = together(fn, 1), two = together(fn, 2);

	printf("%s %.1f %.1f\n", name, one, two);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	secs = argc > 1 ? atof(argv[1]) : 1;
	results = mmap(NULL, 2 * sizeof(*results), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (results == MAP_FAILED)
		return 1;
	measure("busy", busy);
	measure("pipe", round_trips);
	return 0;
}
