// SPDX-License-Identifier: GPL-2.0
/*
 * fpu: each thread's floating point registers hold its own pattern, across
 * preemption, signals whose handlers use other values, and migration.
 * cpu: threads move to a CPU, and all that tells the number of the CPU agrees.
 */
#include <cpuid.h>
#include <sched.h>
#include <sys/rseq.h>
#include <sys/time.h>
#include "../guest/fpstate.h"
#include "stress.h"

/* fpu ------------------------------------------------------------------------ */

static void on_alarm(int signo)
{
	static const struct fpstate zeroes = { .mxcsr = 0x1f80, .cw = 0x37f };

	fp_load(&zeroes);
	fp_reset();
}

static void fpu_setup(unsigned int threads)
{
	struct itimerval it = { { 0, 7000 }, { 0, 7000 } };

	check(signal(SIGALRM, on_alarm) != SIG_ERR);
	check(!setitimer(ITIMER_REAL, &it, NULL));
}

static void move_anywhere(struct worker *me, const cpu_set_t *all)
{
	cpu_set_t one;
	unsigned int cpu;

	do {
		cpu = rnd(me, CPU_SETSIZE);
	} while (!CPU_ISSET(cpu, all));
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	check(!sched_setaffinity(0, sizeof(one), &one) || hotplug());
}

static void fpu_thread(struct worker *me)
{
	struct fpstate in, out;
	cpu_set_t all;

	check(!sched_getaffinity(0, sizeof(all), &all));
	while (!stopping()) {
		unsigned int kind = rnd(me, 16);

		fp_pattern(&in, me->nr * 1000 + rnd(me, 1000));
		if (!rnd(me, 8))
			move_anywhere(me, &all);
		/* A time slice now and then, mostly a system call or two */
		if (kind == 0)
			fp_across(&in, &out, 100000, -1, 0, 0);
		else if (kind == 1)
			fp_across(&in, &out, 50, SYS_sched_yield, 0, 0);
		else
			fp_across(&in, &out, 50, SYS_gettid, 0, 0);
		fp_same(&in, &out);
		count_one(me);
	}
}

const struct family fpu_family = { "fpu", fpu_setup, fpu_thread, false };

/* cpu ------------------------------------------------------------------------ */

#define RDTSCP_BIT	27	/* of CPUID 0x80000001, EDX */
#define CPUNODE_SEG	0x7b	/* whose limit the kernel made the number */
#define CPU_MASK	0xfffU

static unsigned int by_syscall(void)
{
	unsigned int cpu;

	check(!syscall(SYS_getcpu, &cpu, NULL, NULL));
	return cpu;
}

static unsigned int by_vdso(void)
{
	unsigned int cpu;

	check(!getcpu(&cpu, NULL));
	return cpu;
}

static unsigned int by_segment(void)
{
	unsigned int limit;

	asm volatile("lsl %1, %0" : "=r"(limit) : "r"(CPUNODE_SEG) : "cc");
	return limit & CPU_MASK;
}

static unsigned int by_rdtscp(void)
{
	unsigned int a, b, c, d;

	__cpuid(0x80000001, a, b, c, d);
	if (!(d >> RDTSCP_BIT & 1))
		return by_segment();
	asm volatile("rdtscp" : "=a"(a), "=d"(d), "=c"(c));
	return c & CPU_MASK;
}

static unsigned int by_rseq(void)
{
	return __rseq_size ? *(volatile unsigned int *)
		((char *)__builtin_thread_pointer() + __rseq_offset +
		 offsetof(struct rseq, cpu_id)) : by_syscall();
}

static const struct {
	const char *name;
	unsigned int (*cpu)(void);
} sources[] = {
	{ "getcpu()", by_syscall },
	{ "the vDSO", by_vdso },
	{ "LSL", by_segment },
	{ "RDTSCP", by_rdtscp },
	{ "rseq", by_rseq },
};

/* A CPU that went offline has broken the affinity: then nothing is wrong */
static bool still_bound(const cpu_set_t *one)
{
	cpu_set_t now;

	check(!sched_getaffinity(0, sizeof(now), &now));
	return CPU_EQUAL(one, &now) && !sched_setaffinity(0, sizeof(*one), one);
}

static void check_sources(unsigned int cpu, const cpu_set_t *one)
{
	unsigned int i, tries, got;

	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		for (tries = hotplug() ? 3 : 1; tries; tries--) {
			got = sources[i].cpu();
			if (got == cpu || !still_bound(one))
				break;
		}
		if (!tries)
			failed("on CPU %u %s says %u", cpu, sources[i].name, got);
	}
}

static void cpu_thread(struct worker *me)
{
	cpu_set_t all, one;
	unsigned int cpu;

	check(!sched_getaffinity(0, sizeof(all), &all));
	while (!stopping()) {
		do {
			cpu = rnd(me, CPU_SETSIZE);
		} while (!CPU_ISSET(cpu, &all));
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (!sched_setaffinity(0, sizeof(one), &one))
			check_sources(cpu, &one);
		else
			check(hotplug());
		count_one(me);
	}
}

const struct family cpu_family = { "cpu", NULL, cpu_thread, false };
