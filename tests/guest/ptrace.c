// SPDX-License-Identifier: GPL-2.0
/*
 * ptrace: registers, memory, stepping, system call stops.  debugreg.c has
 * hardware breakpoints, ptracefp.c the floating point state.
 */
#include <elf.h>
#include <sys/uio.h>
#include "tap.h"
#include "trap.h"
#include "tracee.h"

static unsigned long word = 0x1122334455667788;

static void break_then_check(void *arg)
{
	unsigned long ax = 1, bx = 2, r15;

	asm volatile("movl $15, %%r15d; int3; movq %%r15, %2"
		     : "+a"(ax), "+b"(bx), "=r"(r15) : : "r15");
	_exit(ax == 0xaaaa && bx == 0xbbbb && r15 == 0xffff ? 0 : 1);
}

static void regs(void)
{
	int pid = tracee_start(break_then_check, NULL);
	struct user_regs_struct r;

	tracee_until(pid, PTRACE_CONT, SIGTRAP);
	tracee_regs(pid, &r);
	check_eq(r.rax, 1);
	check_eq(r.rbx, 2);
	check_eq(r.r15, 15);
	check_eq(r.cs, 0x33);
	check_eq(r.ss, 0x2b);
	check_eq(r.orig_rax, -1UL);
	r.rax = 0xaaaa;
	r.rbx = 0xbbbb;
	r.r15 = 0xffff;
	tracee_set_regs(pid, &r);
	tracee_finish(pid);
}

static void regset(void)
{
	int pid = tracee_start(break_then_check, NULL);
	struct user_regs_struct a, b;
	struct iovec iov = { &b, sizeof(b) };

	tracee_until(pid, PTRACE_CONT, SIGTRAP);
	tracee_regs(pid, &a);
	check(!ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &iov));
	check_eq(iov.iov_len, sizeof(b));
	check(!memcmp(&a, &b, sizeof(a)));
	iov.iov_len = 8;
	check(!ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &iov));
	check_eq(iov.iov_len, 8);
	check(ptrace(PTRACE_GETREGSET, pid, 0x7777, &iov) == -1);
	check_eq(errno, EINVAL);
	tracee_kill(pid);
}

/* What a tracer may not set: segments of the kernel, IF, IOPL, bad bases */
static void refuses(void)
{
	int pid = tracee_start(break_then_check, NULL);
	struct user_regs_struct r;
	unsigned long flags;

	tracee_until(pid, PTRACE_CONT, SIGTRAP);
	tracee_regs(pid, &r);
	flags = r.eflags;
	r.eflags = 0x3000 | (flags & ~EFLAGS_IF);
	tracee_set_regs(pid, &r);
	tracee_regs(pid, &r);
	check_eq(r.eflags & (EFLAGS_IF | EFLAGS_IOPL), EFLAGS_IF);
	r.cs = 0x10;
	check(ptrace(PTRACE_SETREGS, pid, 0, &r) == -1 && errno == EIO);
	tracee_regs(pid, &r);
	r.fs_base = 0xffff888000000000;
	check(ptrace(PTRACE_SETREGS, pid, 0, &r) == -1 && errno == EIO);
	check(ptrace(PTRACE_POKEUSER, pid, 3, 0) == -1 && errno == EIO);
	check(ptrace(PTRACE_POKEUSER, pid, 1 << 20, 0) == -1);
	tracee_kill(pid);
}

/* A non-canonical RIP from a tracer: SIGSEGV at the return, not a crash */
static void wild_ip(void)
{
	int pid = tracee_start(break_then_check, NULL);
	struct user_regs_struct r;

	need_four_levels();
	tracee_until(pid, PTRACE_CONT, SIGTRAP);
	tracee_regs(pid, &r);
	r.rip = 0x800000000000;
	r.rcx = r.rip;
	tracee_set_regs(pid, &r);
	tracee_until(pid, PTRACE_CONT, SIGSEGV);
	tracee_kill(pid);
}

static void call_getppid(void *arg)
{
	syscall(SYS_getppid);
}

/* The same at a system call's exit, where SYSRET would be taken */
static void wild_ip_sysret(void)
{
	static const unsigned long ip[] = {
		0x800000000000, 0x7ffffffff000, 0xffffffff81000000,
	};
	struct user_regs_struct r;
	unsigned int i;

	need_four_levels();
	for (i = 0; i < ARRAY_SIZE(ip); i++) {
		int pid = tracee_start(call_getppid, NULL);

		tracee_until(pid, PTRACE_SYSCALL, SIGTRAP | 0x80);
		tracee_until(pid, PTRACE_SYSCALL, SIGTRAP | 0x80);
		tracee_regs(pid, &r);
		r.rip = ip[i];
		r.rcx = ip[i];
		tracee_set_regs(pid, &r);
		tracee_until(pid, PTRACE_CONT, SIGSEGV);
		tracee_kill(pid);
	}
}

static void check_word(void *arg)
{
	_exit(word == 0x8877665544332211 ? 0 : 1);
}

static void memory(void)
{
	int pid = tracee_start(check_word, NULL);
	unsigned long v = 0;
	struct iovec local = { &v, 8 }, remote = { &word, 8 };

	errno = 0;
	v = ptrace(PTRACE_PEEKDATA, pid, &word, 0);
	check_eq(v, word);
	check_eq(errno, 0);
	check(ptrace(PTRACE_PEEKDATA, pid, hole_page(), 0) == -1);
	check_eq(errno, EIO);
	check(!ptrace(PTRACE_POKEDATA, pid, &word, 0x8877665544332211));
	v = process_vm_readv(pid, &local, 1, &remote, 1, 0) == 8 ? v : 0;
	check_eq(v, 0x8877665544332211);
	/* text is read-only to the program, not to its tracer (COW) */
	check(!ptrace(PTRACE_POKETEXT, pid, memory, 0xcc));
	check(*(unsigned char *)memory != 0xcc);
	tracee_finish(pid);
}

extern const char step_from[], step_to[];

static void step_loop(void *arg)
{
	asm volatile("int3; .globl step_from, step_to; step_from:"
		     "movl $10, %%ecx; 1: decl %%ecx; jnz 1b;"
		     "movl $110, %%eax; syscall; nop; step_to: nop"
		     : : : "rax", "rcx", "r11", "cc");
}

/* 1 + 20 instructions of the loop, 3 more around the call, each one stop */
static void single_step(void)
{
	int pid = tracee_start(step_loop, NULL), n = 0;
	struct user_regs_struct r;

	tracee_until(pid, PTRACE_CONT, SIGTRAP);
	tracee_regs(pid, &r);
	check_eq(r.rip, step_from);
	while (r.rip != (unsigned long)step_to && n < 100) {
		tracee_until(pid, PTRACE_SINGLESTEP, SIGTRAP);
		tracee_regs(pid, &r);
		check(!(r.eflags & EFLAGS_TF));
		n++;
	}
	check_eq(n, 24);
	tracee_finish(pid);
}

static void step_signal_info(void)
{
	int pid = tracee_start(step_loop, NULL);
	siginfo_t info;

	tracee_until(pid, PTRACE_CONT, SIGTRAP);
	check(!ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
	check_eq(info.si_code, SI_KERNEL);
	tracee_until(pid, PTRACE_SINGLESTEP, SIGTRAP);
	check(!ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
	check_eq(info.si_code, TRAP_TRACE);
	tracee_kill(pid);
}

static void syscall_stops(void)
{
	int pid = tracee_start(call_getppid, NULL);
	struct user_regs_struct r;

	tracee_until(pid, PTRACE_SYSCALL, SIGTRAP | 0x80);
	tracee_regs(pid, &r);
	check_eq(r.orig_rax, SYS_getppid);
	check_eq(r.rax, -ENOSYS);
	tracee_until(pid, PTRACE_SYSCALL, SIGTRAP | 0x80);
	tracee_regs(pid, &r);
	check_eq(r.orig_rax, SYS_getppid);
	check_eq(r.rax, getpid());
	check_eq(r.rcx, r.rip);
	tracee_finish(pid);
}

static void syscall_info(void)
{
	int pid = tracee_start(call_getppid, NULL);
	struct user_regs_struct r;
	struct __ptrace_syscall_info si;

	tracee_until(pid, PTRACE_SYSCALL, SIGTRAP | 0x80);
	check(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(si), &si) > 0);
	tracee_regs(pid, &r);
	check_eq(si.op, PTRACE_SYSCALL_INFO_ENTRY);
	check_eq(si.arch, 0xc000003e);		/* AUDIT_ARCH_X86_64 */
	check_eq(si.entry.nr, SYS_getppid);
	check_eq(si.instruction_pointer, r.rip);
	check_eq(si.stack_pointer, r.rsp);
	tracee_until(pid, PTRACE_SYSCALL, SIGTRAP | 0x80);
	check(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(si), &si) > 0);
	check_eq(si.op, PTRACE_SYSCALL_INFO_EXIT);
	check_eq(si.exit.rval, getpid());
	check_eq(si.exit.is_error, 0);
	tracee_finish(pid);
}

static void expect_changed(void *arg)
{
	check_eq(syscall(SYS_getppid), 4711);
	check_eq(syscall(SYS_getppid), getpid());
}

/* A tracer may replace the result, and the number of the call */
static void syscall_changed(void)
{
	int pid = tracee_start(expect_changed, NULL);
	struct user_regs_struct r;

	tracee_until(pid, PTRACE_SYSCALL, SIGTRAP | 0x80);
	tracee_regs(pid, &r);
	r.orig_rax = -1;			/* skip it */
	tracee_set_regs(pid, &r);
	tracee_until(pid, PTRACE_SYSCALL, SIGTRAP | 0x80);
	tracee_regs(pid, &r);
	check_eq(r.rax, -ENOSYS);
	r.rax = 4711;
	tracee_set_regs(pid, &r);
	tracee_until(pid, PTRACE_SYSCALL, SIGTRAP | 0x80);
	tracee_regs(pid, &r);
	r.orig_rax = SYS_getpid;
	tracee_set_regs(pid, &r);
	tracee_finish(pid);
}

/* PTRACE_SYSEMU: the call does not run at all */
static void sysemu(void)
{
	int pid = tracee_start(expect_changed, NULL);
	struct user_regs_struct r;

	tracee_until(pid, PTRACE_SYSEMU, SIGTRAP | 0x80);
	tracee_regs(pid, &r);
	check_eq(r.orig_rax, SYS_getppid);
	r.rax = 4711;
	tracee_set_regs(pid, &r);
	tracee_until(pid, PTRACE_SYSEMU, SIGTRAP | 0x80);
	tracee_regs(pid, &r);
	r.rax = pid;
	tracee_set_regs(pid, &r);
	tracee_finish(pid);
}

static void spin(void *arg)
{
	for (;;)
		barrier();
}

static void attach_detach(void)
{
	int pid = fork(), i;
	struct user_regs_struct r;

	if (!pid)
		spin(NULL);
	for (i = 0; i < 20; i++) {
		check(!ptrace(PTRACE_ATTACH, pid, 0, 0));
		check(WIFSTOPPED(wait_child(pid)));
		tracee_regs(pid, &r);
		check_eq(r.cs, 0x33);
		check(!ptrace(PTRACE_DETACH, pid, 0, 0));
	}
	check(!ptrace(PTRACE_SEIZE, pid, 0, 0));
	check(!ptrace(PTRACE_INTERRUPT, pid, 0, 0));
	check_eq(wait_child(pid) >> 8, SIGTRAP | PTRACE_EVENT_STOP << 8);
	tracee_kill(pid);
}

static const struct tap_case cases[] = {
	{ "regs", regs },
	{ "regset", regset },
	{ "refuses", refuses },
	{ "wild_ip", wild_ip },
	{ "wild_ip_sysret", wild_ip_sysret },
	{ "memory", memory },
	{ "single_step", single_step },
	{ "step_signal_info", step_signal_info },
	{ "syscall_stops", syscall_stops },
	{ "syscall_info", syscall_info },
	{ "syscall_changed", syscall_changed },
	{ "sysemu", sysemu },
	{ "attach_detach", attach_detach },
};

TAP_SUITE(ptrace, cases);
