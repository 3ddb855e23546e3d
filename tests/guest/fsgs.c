// SPDX-License-Identifier: GPL-2.0
/*
 * FS and GS base, by arch_prctl() and by the FSGSBASE instructions: kept
 * across system calls, exceptions, switches, signals, fork and threads, also
 * with values that look like the kernel's own.  GS is free for programs; FS
 * is libc's, so what changes FS makes raw system calls only.
 */
#include <asm/prctl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/time.h>
#include <x86intrin.h>
#include "rawcall.h"
#include "tap.h"
#include "trap.h"

#define HWCAP2_FSGSBASE	2

/* Canonical, and what the kernel's own GS base could be */
static const unsigned long odd[] = {
	0, 1, 0x12345678, 0x7fffffffffff, 0xffff800000000000,
	0xffff888000000000, 0xffff88800f600000, 0xffffffff80000000,
	0xffffffff82000000, 0xffffffffffffffff,
};

static void need_fsgsbase(void)
{
	if (!(getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE))
		skip("no FSGSBASE");
}

static void arch_prctl(void)
{
	unsigned long v = 0, word = 0x600dcafe;

	check(!raw_call(SYS_arch_prctl, ARCH_SET_GS, (long)&word, 0));
	check(!raw_call(SYS_arch_prctl, ARCH_GET_GS, (long)&v, 0));
	check_eq(v, &word);
	asm volatile("movq %%gs:0, %0" : "=r"(v));
	check_eq(v, 0x600dcafe);
	check(!raw_call(SYS_arch_prctl, ARCH_GET_FS, (long)&v, 0));
	check_eq(v, pthread_self());
	check_eq(raw_call(SYS_arch_prctl, 0x7777, (long)&v, 0), -EINVAL);
	check_eq(raw_call(SYS_arch_prctl, ARCH_GET_FS, 0, 0), -EFAULT);
}

/* The kernel's half may not be set by arch_prctl, only by WRGSBASE */
static void arch_prctl_refuses(void)
{
	static const unsigned long bad[] = {
		0x7ffffffff000, 0x800000000000, 0x8000000000000000,
		0xffff888000000000, -1UL,
	};
	unsigned int i;

	need_four_levels();
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		check_eq(raw_call(SYS_arch_prctl, ARCH_SET_GS, bad[i], 0),
			 -EPERM);
		check_eq(raw_call(SYS_arch_prctl, ARCH_SET_FS, bad[i], 0),
			 -EPERM);
	}
}

static void instructions_agree(void)
{
	unsigned long v;

	need_fsgsbase();
	check_eq(_readfsbase_u64(), pthread_self());
	_writegsbase_u64(0x123456789);
	check(!raw_call(SYS_arch_prctl, ARCH_GET_GS, (long)&v, 0));
	check_eq(v, 0x123456789);
	check(!raw_call(SYS_arch_prctl, ARCH_SET_GS, 0x987654321, 0));
	check_eq(_readgsbase_u64(), 0x987654321);
}

static void ud2(void *arg)
{
	asm volatile("ud2");
}

/* Every way into the kernel with each odd GS base; none may change it */
static void odd_gs(void)
{
	char *p = map_pages(ARRAY_SIZE(odd), PROT_READ | PROT_WRITE);
	struct trap t;
	unsigned int i;

	need_fsgsbase();
	for (i = 0; i < ARRAY_SIZE(odd); i++) {
		_writegsbase_u64(odd[i]);
		check(raw_call(SYS_getppid, 0, 0, 0) > 0);
		raw_call(SYS_sched_yield, 0, 0, 0);
		touch(p + i * PAGE);
		trap_catch(&t, ud2, NULL);
		check_eq(t.signo, SIGILL);
		usleep(1000);
		raw_call(SYS_kill, getpid(), SIGCONT, 0);
		check_eq(_readgsbase_u64(), odd[i]);
	}
}

static int ticks;

static void tick(int signo)
{
	ticks++;
}

/* Interrupts at any instruction while GS looks like the kernel's */
static void odd_gs_interrupted(void)
{
	struct itimerval it = { { 0, 2000 }, { 0, 2000 } };
	unsigned int i;

	need_fsgsbase();
	signal(SIGALRM, tick);
	check(!setitimer(ITIMER_REAL, &it, NULL));
	for (i = 0; i < ARRAY_SIZE(odd); i++) {
		int seen = ticks + 5;

		_writegsbase_u64(odd[i]);
		while (ticks < seen)
			barrier();
		check_eq(_readgsbase_u64(), odd[i]);
	}
}

/* The same with FS; no libc between the two writes */
static __noinline unsigned long odd_fs_calls(unsigned long v, char *page)
{
	unsigned long old = _readfsbase_u64(), now;
	struct { long s, ns; } ts = { 0, 2000000 };

	_writefsbase_u64(v);
	raw_call(SYS_getppid, 0, 0, 0);
	raw_call(SYS_sched_yield, 0, 0, 0);
	raw_call(SYS_nanosleep, (long)&ts, 0, 0);
	touch(page);
	now = _readfsbase_u64();
	_writefsbase_u64(old);
	return now;
}

static void odd_fs(void)
{
	char *p = map_pages(ARRAY_SIZE(odd), PROT_READ | PROT_WRITE);
	unsigned int i;

	need_fsgsbase();
	for (i = 0; i < ARRAY_SIZE(odd); i++)
		check_eq(odd_fs_calls(odd[i], p + i * PAGE), odd[i]);
}

static __noinline void write_gs(void *arg)
{
	_writegsbase_u64((unsigned long)arg);
}

static void non_canonical(void)
{
	struct trap t;

	need_four_levels();
	need_fsgsbase();
	trap_catch(&t, write_gs, (void *)0x8000000000000000);
	if (!t.signo && on_tcg()) {
		_writegsbase_u64(0);
		skip("QEMU's TCG takes any base");
	}
	check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
	trap_catch(&t, write_gs, (void *)0x0000800000000000);
	check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
}

static __noinline void read_gs(void *arg)
{
	asm volatile("movq %%gs:0, %%rax" : : : "rax");
}

/* GS base in the kernel's half gives no access to it */
static void no_access(void)
{
	struct trap t;

	need_fsgsbase();
	_writegsbase_u64(0xffffffff81000000);
	trap_catch(&t, read_gs, NULL);
	check_trap(&t, SIGSEGV, SEGV_MAPERR, VEC_PF);
	check_eq(t.addr, 0xffffffff81000000);
}

static void keep_switching(void *arg)
{
	unsigned long base = 0x10000 * (1 + (long)arg);
	uint64_t end = now_ns() + 100000000;
	int n = 0;

	_writegsbase_u64(base);
	do {
		raw_call(SYS_sched_yield, 0, 0, 0);
		check_eq(_readgsbase_u64(), base);
	} while (n++ < 50 || now_ns() < end);
}

static void *thread_switching(void *arg)
{
	keep_switching(arg);
	return NULL;
}

static void processes(void)
{
	int pids[3];
	long i;

	need_fsgsbase();
	for (i = 0; i < 3; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			keep_switching((void *)i);
			_exit(0);
		}
	}
	for (i = 0; i < 3; i++)
		check_eq(wait_child(pids[i]), 0);
}

static void threads(void)
{
	pthread_t t[3];
	long i;

	need_fsgsbase();
	for (i = 0; i < 3; i++)
		check(!pthread_create(&t[i], NULL, thread_switching,
				      (void *)i));
	for (i = 0; i < 3; i++)
		check(!pthread_join(t[i], NULL));
}

static void inherited(void)
{
	need_fsgsbase();
	_writegsbase_u64(0xabcdef000);
	if (!fork())
		_exit(_readgsbase_u64() != 0xabcdef000);
	check_eq(wait_child(-1), 0);
}

static unsigned long gs_in_handler;

static void gs_handler(int signo)
{
	gs_in_handler = _readgsbase_u64();
	_writegsbase_u64(0x2000);
}

/* A signal neither saves nor restores the bases: a change stays */
static void across_signal(void)
{
	need_fsgsbase();
	signal(SIGUSR1, gs_handler);
	_writegsbase_u64(0x1000);
	raise(SIGUSR1);
	check_eq(gs_in_handler, 0x1000);
	check_eq(_readgsbase_u64(), 0x2000);
}

/*
 * A null selector is 0 to 3, and IRET to ring 3 may make it 0: for it the
 * register's descriptor has DPL 0 (Intel SDM Vol. 2A, IRET,
 * RETURN-TO-OUTER-PRIVILEGE-LEVEL).  An interrupt between the program's
 * writing one and reading it is enough.
 */
static int same_selector(unsigned short now, unsigned short written)
{
	return now == written || (now == 0 && written <= 3);
}

/* A selector in GS survives switches; a null one too, whatever its base */
static void selectors(void)
{
	static const unsigned short sel[] = { 0x2b, 0, 3, 1, 0x2b };
	unsigned short now;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sel); i++) {
		asm volatile("movw %0, %%gs" : : "rm"(sel[i]));
		usleep(2000);
		raw_call(SYS_sched_yield, 0, 0, 0);
		asm volatile("movw %%gs, %0" : "=rm"(now));
		check(same_selector(now, sel[i]));
		asm volatile("movw %0, %%es; movw %0, %%ds" : : "r"(sel[i]));
		usleep(2000);
		asm volatile("movw %%ds, %0" : "=r"(now));
		check(same_selector(now, sel[i]));
	}
}

static const struct tap_case cases[] = {
	{ "arch_prctl", arch_prctl },
	{ "arch_prctl_refuses", arch_prctl_refuses },
	{ "instructions_agree", instructions_agree },
	{ "odd_gs", odd_gs },
	{ "odd_gs_interrupted", odd_gs_interrupted },
	{ "odd_fs", odd_fs },
	{ "non_canonical", non_canonical },
	{ "no_access", no_access },
	{ "processes", processes },
	{ "threads", threads },
	{ "inherited", inherited },
	{ "across_signal", across_signal },
	{ "selectors", selectors },
};

TAP_SUITE(fsgs, cases);
