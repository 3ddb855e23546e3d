// SPDX-License-Identifier: GPL-2.0
/*
 * Signals as a program sees them: who sent it, what is blocked while a
 * handler runs, on which stack, and that the interrupted code notices
 * nothing.  sigrestart.c has the system calls that they interrupt,
 * sigframe.c the floating point state, sigreturn.c the way back.
 */
#include <setjmp.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include "tap.h"
#include "trap.h"

static siginfo_t last;
static int calls, depth, deepest;
static int order[64];

static void handle(int signo, void (*fn)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa = {
		.sa_sigaction = fn, .sa_flags = SA_SIGINFO | flags,
	};

	check(!sigaction(signo, &sa, NULL));
}

static void remember(int signo, siginfo_t *info, void *ctx)
{
	last = *info;
	if (calls < 64)
		order[calls] = signo;
	calls++;
}

static void mask(int how, int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	check(!sigprocmask(how, &set, NULL));
}

static void sender(void)
{
	union sigval v = { .sival_ptr = (void *)0x123456789abcdef };

	handle(SIGUSR1, remember, 0);
	check(!kill(getpid(), SIGUSR1));
	check_eq(last.si_code, SI_USER);
	check_eq(last.si_pid, getpid());
	check_eq(last.si_uid, getuid());
	check(!syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1));
	check_eq(last.si_code, SI_TKILL);
	check(!sigqueue(getpid(), SIGUSR1, v));
	check_eq(last.si_code, SI_QUEUE);
	check_eq(last.si_value.sival_ptr, 0x123456789abcdef);
	check_eq(calls, 3);
}

static void queue_order(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		handle(SIGRTMIN + i, remember, 0);
		mask(SIG_BLOCK, SIGRTMIN + i);
	}
	handle(SIGUSR1, remember, 0);
	mask(SIG_BLOCK, SIGUSR1);
	for (i = 8; i >= 0; i--)
		check(!sigqueue(getpid(), SIGRTMIN + i % 3,
				(union sigval){ .sival_int = i }));
	check(!raise(SIGUSR1) && !raise(SIGUSR1));	/* counts once */
	for (i = 2; i >= 0; i--)
		mask(SIG_UNBLOCK, SIGRTMIN + i);
	mask(SIG_UNBLOCK, SIGUSR1);
	check_eq(calls, 10);
	for (i = 0; i < 9; i++)
		check_eq(order[i], SIGRTMIN + 2 - i / 3);
	check_eq(order[9], SIGUSR1);
}

static void recurse(int signo, siginfo_t *info, void *ctx)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (++calls < 5) {
		barrier();
		raise(signo);
		barrier();
	}
	depth--;
}

static void blocked_in_handler(void)
{
	handle(SIGUSR1, recurse, 0);
	raise(SIGUSR1);
	check_eq(calls, 5);
	check_eq(deepest, 1);
}

static void nodefer(void)
{
	handle(SIGUSR1, recurse, SA_NODEFER);
	raise(SIGUSR1);
	check_eq(calls, 5);
	check_eq(deepest, 5);
}

static void raise_other(int signo, siginfo_t *info, void *ctx)
{
	remember(signo, info, ctx);
	raise(SIGUSR2);
	check_eq(calls, 2);
}

static void nested(void)
{
	handle(SIGUSR1, raise_other, 0);
	handle(SIGUSR2, remember, 0);
	raise(SIGUSR1);
	check_eq(order[0], SIGUSR1);
	check_eq(order[1], SIGUSR2);
}

static void sa_mask(void)
{
	struct sigaction sa = {
		.sa_sigaction = recurse, .sa_flags = SA_SIGINFO,
	};
	sigset_t now;

	sigaddset(&sa.sa_mask, SIGTERM);
	check(!sigaction(SIGUSR1, &sa, NULL));
	raise(SIGUSR1);
	check(!sigprocmask(SIG_BLOCK, NULL, &now));
	check(!sigismember(&now, SIGTERM) && !sigismember(&now, SIGUSR1));
}

static void resethand(void)
{
	struct sigaction now;

	handle(SIGUSR1, remember, SA_RESETHAND);
	raise(SIGUSR1);
	check(!sigaction(SIGUSR1, NULL, &now));
	check(now.sa_handler == SIG_DFL);
}

static char alt[65536];

static void on_alt(int signo, siginfo_t *info, void *ctx)
{
	char here;
	stack_t ss;

	check(&here > alt && &here < alt + sizeof(alt));
	check(!sigaltstack(NULL, &ss));
	check_eq(ss.ss_flags, SS_ONSTACK);
	ss.ss_flags = SS_DISABLE;
	check(sigaltstack(&ss, NULL) == -1 && errno == EPERM);
	calls++;
}

static void altstack(void)
{
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) };

	check(!sigaltstack(&ss, NULL));
	handle(SIGUSR1, on_alt, SA_ONSTACK);
	raise(SIGUSR1);
	raise(SIGUSR1);
	check_eq(calls, 2);
	ss.ss_size = 512;
	check(sigaltstack(&ss, NULL) == -1 && errno == ENOMEM);
	check(getauxval(AT_MINSIGSTKSZ) >= 1024);
	ss.ss_size = getauxval(AT_MINSIGSTKSZ);
	if (ss.ss_size < 2048)		/* the other limit, MINSIGSTKSZ */
		ss.ss_size = 2048;
	check(!sigaltstack(&ss, NULL));
}

static sigjmp_buf back;

static void overflowed(int signo, siginfo_t *info, void *ctx)
{
	last = *info;
	siglongjmp(back, 1);
}

static int eat_stack(int n)
{
	char big[4096];

	asm volatile("" : : "r"(big) : "memory");
	return n ? eat_stack(n + 1) + big[n & 7] : 0;
}

static void altstack_on_overflow(void)
{
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) };

	check(!sigaltstack(&ss, NULL));
	handle(SIGSEGV, overflowed, SA_ONSTACK);
	if (!sigsetjmp(back, 1))
		check(eat_stack(1) == -1);
	check_eq(last.si_signo, SIGSEGV);
	check_eq(last.si_code, SEGV_MAPERR);
}

/* A frame that does not fit on the alternate stack is SIGSEGV */
static void altstack_too_small(void *arg)
{
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) };
	char *edge = hole_page();

	ss.ss_sp = edge;	/* valid size, no memory */
	ss.ss_size = PAGE;
	check(!sigaltstack(&ss, NULL));
	handle(SIGUSR1, remember, SA_ONSTACK);
	handle(SIGSEGV, remember, 0);
	raise(SIGUSR1);
}

static void frame_fault(void)
{
	int status = run_child(altstack_too_small, NULL);

	check(WIFEXITED(status) || WTERMSIG(status) == SIGSEGV);
}

/* The kernel starts a handler with these registers and this alignment */
unsigned long entry_regs[5];

static __naked void entry_handler(int signo, siginfo_t *info, void *ctx)
{
	asm volatile("movq %rax, entry_regs(%rip);"
		     "movq %rdi, entry_regs+8(%rip);"
		     "movq %rsp, entry_regs+16(%rip);"
		     "pushfq; popq entry_regs+24(%rip);"
		     "subq %rsp, %rdx; movq %rdx, entry_regs+32(%rip);"
		     "cld; ret");
}

static void entry_state(void)
{
	handle(SIGUSR1, entry_handler, 0);
	asm volatile("std; syscall; cld"
		     : : "a"(SYS_kill), "D"(getpid()), "S"(SIGUSR1)
		     : "rcx", "r11", "memory");
	check_eq(entry_regs[0], 0);
	check_eq(entry_regs[1], SIGUSR1);
	check_eq(entry_regs[2] % 16, 8);
	check(!(entry_regs[3] & (EFLAGS_DF | EFLAGS_TF | EFLAGS_RF)));
	check_eq(entry_regs[4], 8);	/* the ucontext follows the return */
}

/* 128 bytes below the stack pointer belong to the program */
static void red_zone(void)
{
	unsigned long ok;

	handle(SIGUSR1, remember, 0);
	asm volatile("movabs $0x5a5a5a5a5a5a5a5a, %%r8;"
		     "movq %%r8, -8(%%rsp); movq %%r8, -128(%%rsp); syscall;"
		     "xorl %%eax, %%eax; cmpq %%r8, -8(%%rsp); jne 1f;"
		     "cmpq %%r8, -128(%%rsp); jne 1f; incl %%eax; 1:"
		     : "=a"(ok) : "a"(SYS_kill), "D"(getpid()), "S"(SIGUSR1)
		     : "rcx", "r8", "r11", "memory", "cc");
	check(ok);
	check_eq(calls, 1);
}

static void jump_out(int signo, siginfo_t *info, void *ctx)
{
	calls++;
	siglongjmp(back, 1);
}

static void longjmp_out(void)
{
	sigset_t now;

	handle(SIGUSR1, jump_out, 0);
	sigsetjmp(back, 1);
	if (calls < 500)
		raise(SIGUSR1);
	check_eq(calls, 500);
	check(!sigprocmask(SIG_BLOCK, NULL, &now));
	check(!sigismember(&now, SIGUSR1));
}

static void wait_calls(void)
{
	struct timespec none = { 0 };
	sigset_t set;
	siginfo_t info;

	handle(SIGUSR1, remember, 0);
	mask(SIG_BLOCK, SIGUSR1);
	raise(SIGUSR1);
	check(!sigpending(&set) && sigismember(&set, SIGUSR1));
	sigemptyset(&set);
	check(sigsuspend(&set) == -1 && errno == EINTR);
	check_eq(calls, 1);
	sigaddset(&set, SIGUSR1);
	check(sigtimedwait(&set, &info, &none) == -1 && errno == EAGAIN);
	raise(SIGUSR1);
	check_eq(sigtimedwait(&set, &info, &none), SIGUSR1);
	check_eq(calls, 1);
}

static void child_info(void)
{
	int pid;

	handle(SIGCHLD, remember, 0);
	mask(SIG_BLOCK, SIGCHLD);
	pid = fork();
	if (!pid)
		_exit(42);
	while (!calls)
		sigsuspend(&(sigset_t){ 0 });
	check_eq(last.si_code, CLD_EXITED);
	check_eq(last.si_pid, pid);
	check_eq(last.si_status, 42);
	wait_child(pid);
}

/*
 * A timer interrupts a loop that keeps all its state in registers; every
 * iteration checks them.
 */
static void async_regs(void)
{
	struct itimerval it = { { 0, 1000 }, { 0, 1000 } };
	uint64_t end = now_ns() + 300000000;
	unsigned long sum;

	handle(SIGALRM, remember, SA_RESTART);
	check(!setitimer(ITIMER_REAL, &it, NULL));
	do {
		asm volatile("xorl %%eax, %%eax; movl $100000, %%ecx;"
			     "movl $3, %%r8d; movl $5, %%r12d; movl $7, %%r15d;"
			     "1: addq %%r8, %%rax; addq %%r12, %%rax;"
			     "addq %%r15, %%rax; loop 1b"
			     : "=a"(sum) : : "rcx", "r8", "r12", "r15", "cc");
		check_eq(sum, 1500000);
	} while (now_ns() < end || calls < 5);
}

static const struct tap_case cases[] = {
	{ "sender", sender },
	{ "queue_order", queue_order },
	{ "blocked_in_handler", blocked_in_handler },
	{ "nodefer", nodefer },
	{ "nested", nested },
	{ "sa_mask", sa_mask },
	{ "resethand", resethand },
	{ "altstack", altstack },
	{ "altstack_on_overflow", altstack_on_overflow },
	{ "frame_fault", frame_fault },
	{ "entry_state", entry_state },
	{ "red_zone", red_zone },
	{ "longjmp_out", longjmp_out },
	{ "wait_calls", wait_calls },
	{ "child_info", child_info },
	{ "async_regs", async_regs },
};

TAP_SUITE(signal, cases);
