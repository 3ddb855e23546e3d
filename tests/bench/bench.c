// SPDX-License-Identifier: GPL-2.0
/*
 * Measures what programs ask of a kernel, one operation after the other, on any
 * x86-64 Linux, and prints lines "NAME NANOSECONDS", for one of each.
 *
 *   bench [NAME...]		all operations, or these
 *   bench count [NAME...]	for virtual time: N of each, the least of several
 *				runs, as "NAME NANOSECONDS N"; before and after each
 *				run a CPUID, with the number of this line, so that a
 *				trace of a guest's exits shows whose they are; what
 *				takes seconds is left out
 *   bench once [NAME...]	what takes seconds, one of each
 *   bench list			their names
 *
 * An operation that this system cannot do prints nothing.  What repeats and
 * compares is tests/bench/run, what counts tests/bench/check.
 */
#include <cpuid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const struct op *const tables[] = {
	call_ops, memory_ops, process_ops, data_ops, program_ops,
};

#define MARK_START	0x4b4d4200	/* leaves of CPUID that nobody else asks for */
#define MARK_STOP	0x4b4d4201
#define COUNT_RUNS	5
#define COUNT_FEW	10
#define COUNT_SHARE	40	/* of the operations that are timed otherwise */

static double started, took;
static int marking, counted;	/* operations so far */

static void mark(unsigned int leaf)
{
	unsigned int a, b, c, d;

	if (marking)
		__cpuid_count(leaf, counted, a, b, c, d);
}

void bench_start(void)
{
	mark(MARK_START);
	started = now_ns();
}

void bench_stop(void)
{
	took += now_ns() - started;
	mark(MARK_STOP);
}

static double time_of(const struct op *op, unsigned long n)
{
	took = 0;
	op->run(n);
	return took / n;
}

/* The first few are not counted: they fetch code and fill caches. */
static void measure(const struct op *op)
{
	double ns;

	if (op->n > 1)
		op->run(op->n / 16 + 1);
	ns = time_of(op, op->n);
	if (ns)
		printf("%s %.1f\n", op->name, ns);
	fflush(stdout);
}

/*
 * The least, for a tick of the clock falls into some runs only; and a few slow
 * operations are looked at one by one, for who runs when may differ as well.
 */
static void count(const struct op *op)
{
	unsigned long n = op->n / COUNT_SHARE, runs = COUNT_RUNS, i;
	double ns, least = 0;

	if (!n)
		return;
	op->run(n);
	if (n < COUNT_FEW) {
		runs *= n;
		n = 1;
	}
	marking = 1;
	for (i = 0; i < runs; i++) {
		ns = time_of(op, n);
		if (!i || ns < least)
			least = ns;
	}
	marking = 0;
	if (!least)
		return;
	printf("%s %.1f %lu\n", op->name, least, n * runs);
	fflush(stdout);
	counted++;
}

static void once(const struct op *op)
{
	double ns;

	if (op->n >= COUNT_SHARE)
		return;
	ns = time_of(op, 1);
	if (ns)
		printf("%s %.1f\n", op->name, ns);
	fflush(stdout);
}

static int wanted(const struct op *op, char **names)
{
	if (!*names)
		return 1;
	for (; *names; names++)
		if (!strcmp(op->name, *names))
			return 1;
	return 0;
}

static void for_each(char **names, void (*fn)(const struct op *op))
{
	const struct op *op;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (op = tables[i]; op->name; op++)
			if (wanted(op, names))
				fn(op);
}

static void print_name(const struct op *op)
{
	puts(op->name);
}

int main(int argc, char **argv)
{
	const char *first = argc > 1 ? argv[1] : "";

	if (!strcmp(first, BENCH_NOTHING))
		return 0;
	if (!strcmp(first, "list"))
		for_each(argv + 2, print_name);
	else if (!strcmp(first, "count"))
		for_each(argv + 2, count);
	else if (!strcmp(first, "once"))
		for_each(argv + 2, once);
	else
		for_each(argv + 1, measure);
	return 0;
}
