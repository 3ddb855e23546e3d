/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>

#include "util.h"

/*
 * An operation that is measured: run() sets up, and does it @n times between
 * bench_start() and bench_stop(), once or several times.  If this system cannot do
 * it, run() does neither.
 */
struct op {
	const char *name;
	unsigned long n;
	void (*run)(unsigned long n);
};

/* Each file has a table of its own, which ends with an empty line. */
extern const struct op call_ops[], memory_ops[], process_ops[], data_ops[], program_ops[];

void bench_start(void);
void bench_stop(void);

/* The path of this program with @more behind it, until the next call */
char *beside_me(const char *more);

/* Measures @n times a process that executes @command and ends with 0. */
void fork_exec(unsigned long n, const char *const *command);

/* This program again, to do nothing and end: see main(). */
#define BENCH_NOTHING	"nothing"

#endif /* BENCH_H */
