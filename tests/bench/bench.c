// SPDX-License-Identifier: GPL-2.0
/*
 * Measures what programs ask of a kernel, one operation after the other, on any
 * x86-64 Linux, and prints lines "NAME NANOSECONDS", for one of each.
 *
 *   bench [NAME...]		all operations, or these
 *   bench list			their names
 *
 * What repeats and compares is tests/bench/run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const struct op *const tables[] = {
	call_ops, memory_ops, process_ops, data_ops,
};

static double started, took;

void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

void bench_start(void)
{
	started = now_ns();
}

void bench_stop(void)
{
	took = now_ns() - started;
}

/* The first few are not counted: they fetch code and fill caches. */
static void measure(const struct op *op)
{
	op->run(op->n / 16 + 1);
	op->run(op->n);
	printf("%s %.1f\n", op->name, took / op->n);
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
	else
		for_each(argv + 1, measure);
	return 0;
}
