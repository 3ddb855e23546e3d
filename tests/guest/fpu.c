// SPDX-License-Identifier: GPL-2.0
/*
 * Floating point state belongs to its thread: intact across system calls,
 * preemption and threads that use other values, inherited by fork, initial
 * after exec.
 */
#include <pthread.h>
#include <stdlib.h>
#include "fpstate.h"
#include "tap.h"

static void soak_spin(void *seed)
{
	fp_soak((long)seed, 300, 20, -1);
}

static void soak_yield(void *seed)
{
	fp_soak((long)seed, 200, 20, SYS_sched_yield);
}

static void syscalls(void)
{
	static const int nr[] = { SYS_getppid, SYS_sched_yield, 9999 };
	struct fpstate in, out;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(nr); i++) {
		fp_pattern(&in, i + 1);
		fp_across(&in, &out, 0, nr[i], 0, 0);
		fp_same(&in, &out);
	}
}

/* More processes than CPUs, so that the timer has to switch between them */
static void crowd(void (*fn)(void *))
{
	int pids[4];
	long i;

	for (i = 0; i < 4; i++) {
		pids[i] = fork();
		check(pids[i] >= 0);
		if (!pids[i]) {
			fn((void *)(i * 1000));
			_exit(0);
		}
	}
	for (i = 0; i < 4; i++)
		check_eq(wait_child(pids[i]), 0);
}

static void preempted(void)
{
	crowd(soak_spin);
}

static void yielding(void)
{
	crowd(soak_yield);
}

static void *thread_soak(void *seed)
{
	soak_spin(seed);
	return NULL;
}

static void threads(void)
{
	pthread_t t[3];
	long i;

	for (i = 0; i < 3; i++)
		check(!pthread_create(&t[i], NULL, thread_soak,
				      (void *)(i * 77)));
	soak_yield((void *)5555);
	for (i = 0; i < 3; i++)
		check(!pthread_join(t[i], NULL));
}

/* A task that never used the FPU in between must not lend its registers */
static void idle_neighbour(void)
{
	struct timespec { long s, ns; } ts = { 0, 30000000 };
	struct fpstate in, out;

	fp_pattern(&in, 42);
	fp_across(&in, &out, 0, SYS_nanosleep, (long)&ts, 0);
	fp_same(&in, &out);
}

static void inherited(void)
{
	struct fpstate in, out;
	long pid;

	fp_pattern(&in, 7);
	pid = fp_across(&in, &out, 0, SYS_fork, 0, 0);
	fp_same(&in, &out);
	if (!pid)
		_exit(0);
	check_eq(wait_child(pid), 0);
}

/* fpinit checks its own registers at its first instruction */
static void exec_init(void)
{
	const char *path = beside("fpinit");
	char *const argv[] = { "fpinit", NULL };
	struct fpstate in, out;
	int status, pid;

	if (access(path, X_OK))
		skip("no %s", path);
	pid = fork();
	if (!pid) {
		fp_pattern(&in, 3);
		fp_across(&in, &out, 0, SYS_execve, (long)path, (long)argv);
		_exit(99);
	}
	status = wait_child(pid);
	check_eq(status, 0);
}

/* Page faults, also in the kernel's copy, while the registers are live */
static void across_faults(void)
{
	char *p = map_pages(64, PROT_READ | PROT_WRITE);
	struct fpstate in, out;
	int i, fds[2];

	check(!pipe(fds));
	for (i = 0; i < 64; i++) {
		fp_pattern(&in, i);
		fp_load(&in);
		touch(p + i * PAGE);
		fp_store(&out);
		fp_reset();
		fp_same(&in, &out);
		fp_across(&in, &out, 0, SYS_pipe2,
			  (long)map_pages(1, PROT_READ | PROT_WRITE), 0);
		fp_same(&in, &out);
	}
}

/* x87 tags and MXCSR's sticky flags are state, too */
static void sticky_flags(void)
{
	unsigned int mxcsr = 0x1fbf, now;
	unsigned short sw, sw2;

	asm volatile("ldmxcsr %0" : : "m"(mxcsr));
	syscall(SYS_sched_yield);
	usleep(1000);
	asm volatile("stmxcsr %0" : "=m"(now));
	check_eq(now, mxcsr);
	asm volatile("fninit; fld1; fldz; fdivrp; fnstsw %0" : "=m"(sw));
	usleep(1000);
	asm volatile("fnstsw %0; fninit" : "=m"(sw2));
	check_eq(sw, sw2);
	check(sw & 4);
	fp_reset();
}

static const struct tap_case cases[] = {
	{ "syscalls", syscalls },
	{ "preempted", preempted },
	{ "yielding", yielding },
	{ "threads", threads },
	{ "idle_neighbour", idle_neighbour },
	{ "inherited", inherited },
	{ "exec_init", exec_init },
	{ "across_faults", across_faults },
	{ "sticky_flags", sticky_flags },
};

TAP_SUITE(fpu, cases);
