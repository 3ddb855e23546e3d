// SPDX-License-Identifier: GPL-2.0
/*
 * Debug registers through ptrace: break on execution, on writes and on
 * accesses, DR6, what is refused, inheritance; and the hazard of `mov ss`,
 * which delays a watchpoint's #DB past the next instruction: into the kernel,
 * if that is SYSCALL, with the program's stack and GS base.
 */
#include "rawcall.h"
#include "tap.h"
#include "trap.h"
#include "tracee.h"

static unsigned long watched[4];

static __noinline void target(void)
{
	barrier();
}

static void call_target(void *arg)
{
	int i;

	for (i = 0; i < 3; i++)
		target();
}

static unsigned long stop_ip(int pid)
{
	struct user_regs_struct r;

	tracee_regs(pid, &r);
	return r.rip;
}

static void execution(void)
{
	int pid = tracee_start(call_target, NULL), i;
	siginfo_t info;

	check(!tracee_set_dr(pid, 0, (unsigned long)target));
	check(!tracee_set_dr(pid, 7, DR7_ENABLE(0)));
	check_eq(tracee_dr(pid, 0), target);
	for (i = 0; i < 3; i++) {
		tracee_until(pid, PTRACE_CONT, SIGTRAP);
		check_eq(stop_ip(pid), target);
		check_eq(tracee_dr(pid, 6) & 0xf, 1);
		check(!ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
		check_eq(info.si_code, TRAP_HWBKPT);
		check(!tracee_set_dr(pid, 6, 0));
	}
	tracee_finish(pid);
}

static void write_words(void *arg)
{
	int i;

	for (i = 0; i < 4; i++) {
		barrier();
		watched[i] = i + 1;
	}
	barrier();
}

/* The stop is after the write: the tracer sees the new value */
static void data_write(void)
{
	int pid = tracee_start(write_words, NULL);

	check(!tracee_set_dr(pid, 2, (unsigned long)&watched[2]));
	check(!tracee_set_dr(pid, 7, DR7_ENABLE(2) | DR7_WRITE(2, 8)));
	tracee_until(pid, PTRACE_CONT, SIGTRAP);
	check_eq(tracee_dr(pid, 6) & 0xf, 4);
	check_eq(ptrace(PTRACE_PEEKDATA, pid, &watched[2], 0), 3);
	check_eq(ptrace(PTRACE_PEEKDATA, pid, &watched[3], 0), 0);
	tracee_finish(pid);
}

static void read_words(void *arg)
{
	unsigned long sum = 0;
	int i;

	for (i = 0; i < 4; i++) {
		barrier();
		sum += watched[i];
	}
	_exit(sum != 0);
}

static void data_read(void)
{
	int pid = tracee_start(read_words, NULL);

	check(!tracee_set_dr(pid, 1, (unsigned long)&watched[1]));
	check(!tracee_set_dr(pid, 7, DR7_ENABLE(1) | DR7_ACCESS(1, 8)));
	tracee_until(pid, PTRACE_CONT, SIGTRAP);
	check_eq(tracee_dr(pid, 6) & 0xf, 2);
	tracee_finish(pid);
}

/* The kernel writes for the program: a watchpoint there may not hurt it */
static void read_into_watched(void *arg)
{
	int fds[2];

	check(!pipe(fds));
	check_eq(write(fds[1], "12345678", 8), 8);
	check_eq(read(fds[0], &watched[0], 8), 8);
	check(!memcmp(&watched[0], "12345678", 8));
}

static void data_in_syscall(void)
{
	int pid = tracee_start(read_into_watched, NULL);
	int status;

	check(!tracee_set_dr(pid, 0, (unsigned long)&watched[0]));
	check(!tracee_set_dr(pid, 7, DR7_ENABLE(0) | DR7_ACCESS(0, 8)));
	status = tracee_go(pid, PTRACE_CONT, 0);
	while (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP)
		status = tracee_go(pid, PTRACE_CONT, 0);
	check_eq(status, 0);
}

static void refused(void)
{
	int pid = tracee_start(call_target, NULL);

	need_four_levels();
	check(tracee_set_dr(pid, 0, 0xffffffff81000000) == -1);
	check(tracee_set_dr(pid, 0, 0x7ffffffff000) == -1);
	check(tracee_set_dr(pid, 4, 0) == -1);
	check(tracee_set_dr(pid, 5, 0) == -1);
	check(!tracee_set_dr(pid, 0, (unsigned long)&watched[0] + 1));
	check(tracee_set_dr(pid, 7, DR7_ENABLE(0) | DR7_WRITE(0, 8)) == -1);
	tracee_kill(pid);
}

static void fork_target(void *arg)
{
	int pid = fork();

	if (!pid) {
		target();
		_exit(0);
	}
	check_eq(wait_child(pid), 0);
	target();
}

/* Threads and children do not inherit; other processes never see them */
static void not_inherited(void)
{
	int pid = tracee_start(fork_target, NULL), status;

	check(!tracee_set_dr(pid, 0, (unsigned long)target));
	check(!tracee_set_dr(pid, 7, DR7_ENABLE(0)));
	target();
	status = tracee_go(pid, PTRACE_CONT, 0);
	if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGCHLD)
		status = tracee_go(pid, PTRACE_CONT, 0);
	check(WIFSTOPPED(status));
	check_eq(WSTOPSIG(status), SIGTRAP);
	tracee_finish(pid);
}

static unsigned short ss_word __aligned(8) = 0x2b;
static int traps;

static void count_trap(int signo)
{
	traps++;
}

/* `mov ss` from the watched word, then each way into the kernel */
static void mov_ss(void *arg)
{
	long ret, i;

	signal(SIGTRAP, count_trap);
	signal(SIGILL, count_trap);
	for (i = 0; i < 50; i++) {
		asm volatile("movw %1, %%ss; syscall"
			     : "=a"(ret) : "m"(ss_word), "a"(SYS_getpid)
			     : "rcx", "r11", "memory");
		check_eq(ret, getpid());
	}
	asm volatile("movw %0, %%ss; nop" : : "m"(ss_word));
	check(traps);
	asm volatile("movw %0, %%ss; int3" : : "m"(ss_word));
	asm volatile("movw %0, %%ss; .byte 0xcd, 3" : : "m"(ss_word));
	check_eq(raw_call(SYS_getpid, 0, 0, 0), getpid());
}

/* These end the process by a signal; each gets one of its own */
static void mov_ss_ud2(void *arg)
{
	asm volatile("movw %0, %%ss; ud2" : : "m"(ss_word));
}

static void mov_ss_int4(void *arg)
{
	asm volatile("movw %0, %%ss; .byte 0xcd, 4" : : "m"(ss_word));
}

static void mov_ss_int80(void *arg)
{
	asm volatile("movw %0, %%ss; int $0x80"
		     : : "m"(ss_word), "a"(20)
		     : "memory", "r8", "r9", "r10", "r11");
}

static void mov_ss_sysenter(void *arg)
{
	asm volatile("movw %0, %%ss; sysenter" : : "m"(ss_word)
		     : "memory", "rcx", "r11");
}

static void mov_ss_icebp(void *arg)
{
	if (!on_tcg())
		asm volatile("movw %0, %%ss; .byte 0xf1" : : "m"(ss_word));
}

/* The watchpoint stays after the tracer has gone */
static int watch_ss(void (*fn)(void *))
{
	int pid = tracee_start(fn, NULL);

	check(!tracee_set_dr(pid, 0, (unsigned long)&ss_word));
	check(!tracee_set_dr(pid, 7, DR7_ENABLE(0) | DR7_ACCESS(0, 2)));
	check(!ptrace(PTRACE_DETACH, pid, 0, 0));
	return wait_child(pid);
}

static void mov_ss_hazard(void)
{
	check_eq(watch_ss(mov_ss), 0);
}

static void mov_ss_faults(void)
{
	static void (*const fn[])(void *) = {
		mov_ss_ud2, mov_ss_int4, mov_ss_int80, mov_ss_sysenter,
		mov_ss_icebp,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fn); i++) {
		int status = watch_ss(fn[i]);

		check(!status || WIFSIGNALED(status));
		check(syscall(SYS_getppid) > 0);
	}
}

/* TF instead of a watchpoint: the step trap is delayed the same way */
static void mov_ss_step(void)
{
	long ret;

	signal(SIGTRAP, count_trap);
	asm volatile("pushfq; orl $0x100, (%%rsp); popfq;"
		     "movw %1, %%ss; syscall;"
		     "pushfq; andl $0xfffffeff, (%%rsp); popfq"
		     : "=a"(ret) : "m"(ss_word), "a"(SYS_getpid)
		     : "rcx", "r11", "memory", "cc");
	check_eq(ret, getpid());
	check(traps >= 2 && traps < 12);
}

static const struct tap_case cases[] = {
	{ "execution", execution },
	{ "data_write", data_write },
	{ "data_read", data_read },
	{ "data_in_syscall", data_in_syscall },
	{ "refused", refused },
	{ "not_inherited", not_inherited },
	{ "mov_ss_hazard", mov_ss_hazard },
	{ "mov_ss_faults", mov_ss_faults },
	{ "mov_ss_step", mov_ss_step },
};

TAP_SUITE(debugreg, cases);
