/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of "stress" share.
 *
 * A family is one process with threads that all run the same function until
 * stopping().  Each thread counts its operations in memory that the main
 * process watches: a count that stands still is a lost wake-up, signal or
 * timer.  check() and check_eq() of ../guest/tap.h end the whole program with
 * one line that names the thread.
 */
#ifndef TESTS_SMP_STRESS_H
#define TESTS_SMP_STRESS_H

#include <stdbool.h>
#include "../guest/tap.h"

#define MAX_THREADS	64

/* One thread; @seed is its own, for rnd() */
struct worker {
	unsigned int nr;
	unsigned int of;
	unsigned int seed;
	unsigned long *ops;
};

/*
 * @setup runs once in the new process, before its threads; it may be NULL.
 * Where @pairs is set the number of threads is even: 2n and 2n + 1 are
 * partners.
 */
struct family {
	const char *name;
	void (*setup)(unsigned int threads);
	void (*thread)(struct worker *me);
	bool pairs;
};

extern const struct family mm_family, tlb_family, fork_family, futex_family,
	cond_family, pi_family, pipe_family, signal_family, timer_family,
	clock_family, fpu_family, cpu_family;

/* The time is up: a thread returns when it and its partner can */
bool stopping(void);

/* CPUs come and go meanwhile, so affinity may break for a moment */
bool hotplug(void);

/* Ends everything: "stress: FAILED: family.thread: TEXT" */
void failed(const char *fmt, ...) __printf_like(1, 2) __no_return;

/* To the CPU number @nr of those that are online, if it stays so */
void pin_to(unsigned int nr);

unsigned int rnd(struct worker *me, unsigned int below);

/*
 * Between looks at what another thread does: spins first, because it may be
 * running on another CPU right now, and yields once @tries are many.
 */
void be_patient(unsigned int *tries);

/* Nanoseconds of CLOCK_MONOTONIC, read by the vDSO; tap.h has the other */
uint64_t vdso_ns(void);

/* "stress exec-check A B", started by the fork family: ends with A ^ B */
int exec_check(char **argv);

static inline void count_one(struct worker *me)
{
	__atomic_fetch_add(me->ops, 1, __ATOMIC_RELAXED);
}

#define load(p)		__atomic_load_n(p, __ATOMIC_SEQ_CST)
#define store(p, v)	__atomic_store_n(p, v, __ATOMIC_SEQ_CST)

#endif
