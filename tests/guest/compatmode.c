// SPDX-License-Identifier: GPL-2.0
/*
 * Compatibility mode: what user code can do there must not hurt a kernel
 * that has no 32-bit side.  SYSCALL from it lands in CSTAR on AMD (and is
 * #UD on Intel), SYSENTER is #UD on AMD and #GP with SYSENTER_CS 0 on Intel.
 * A kernel with 32-bit emulation executes them instead.
 */
#include <sys/time.h>
#include <ucontext.h>
#include "rawcall.h"
#include "tap.h"
#include "trap.h"

unsigned int compat_run(unsigned int eax);
extern unsigned int compat_insn, compat_flag;
extern const char compat_syscall[], compat_sysenter[], compat_int80[],
	compat_nop[], compat_spin[], compat_ud2[], compat_int3[], compat_hlt[];

#define I386_GETPID	20
#define I386_NONE	9999

static unsigned int result;

static void run(void *eax)
{
	result = compat_run((unsigned long)eax);
}

static void run_insn(struct trap *t, const char *insn, unsigned long eax)
{
	compat_insn = (unsigned long)insn;
	trap_catch(t, run, (void *)eax);
}

/* After each attempt: the ordinary ways into the kernel still work */
static void still_alive(void)
{
	struct trap t;

	check_eq(raw_call(SYS_getpid, 0, 0, 0), getpid());
	usleep(1000);
	touch(map_pages(1, PROT_READ | PROT_WRITE));
	run_insn(&t, compat_nop, 1234);
	check_eq(t.signo, 0);
	check_eq(result, 1234);
}

static void far_jump(void)
{
	still_alive();
}

/* The kernel's answer to a call: done, refused, or a signal */
static void check_call(const struct trap *t, unsigned int eax)
{
	if (t->signo) {
		check(t->signo == SIGSEGV || t->signo == SIGILL);
		return;
	}
	if (on_umkvm() || eax == I386_NONE)
		check_eq(result, (unsigned int)-ENOSYS);
	else
		check(result == (unsigned int)-ENOSYS ||
		      result == (unsigned int)getpid());
}

static void repeat_call(const char *insn)
{
	static const unsigned int eax[] = { I386_GETPID, I386_NONE };
	struct trap t;
	int i;

	for (i = 0; i < 40; i++) {
		run_insn(&t, insn, eax[i % 2]);
		check_call(&t, eax[i % 2]);
		still_alive();
	}
}

static void syscall_insn(void)
{
	repeat_call(compat_syscall);
}

static void int80(void)
{
	repeat_call(compat_int80);
}

/*
 * With emulation SYSENTER returns to the 32-bit vDSO, which this process does
 * not have: whatever happens then, happens to a child.
 */
static void sysenter_child(void *arg)
{
	struct trap t;

	run_insn(&t, compat_sysenter, I386_NONE);
	if (on_umkvm())
		check(t.signo == SIGILL || t.signo == SIGSEGV);
}

static void sysenter(void)
{
	int i;

	for (i = 0; i < 20; i++) {
		int status = run_child(sysenter_child, NULL);

		check(!WIFEXITED(status) || !WEXITSTATUS(status));
		still_alive();
	}
}

static void exceptions(void)
{
	struct trap t;

	run_insn(&t, compat_ud2, 0);
	check_trap(&t, SIGILL, ILL_ILLOPN, VEC_UD);
	check_eq(t.cs, 0x23);
	check_eq(t.ip, compat_ud2);
	run_insn(&t, compat_int3, 0);
	check_trap(&t, SIGTRAP, SI_KERNEL, VEC_BP);
	check_eq(t.cs, 0x23);
	run_insn(&t, compat_hlt, 0);
	check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
	still_alive();
}

static unsigned long handler_cs;
static int ticks, hits;

/*
 * The timer goes on before the jump and after the return, where the code is
 * 64-bit: what counts is five ticks in between, if they come at all.
 */
static void stop_spin(int signo, siginfo_t *info, void *ctx)
{
	if (!compat_flag)
		return;
	handler_cs = ((ucontext_t *)ctx)->uc_mcontext.gregs[REG_CSGSFS];
	hits += (handler_cs & 0xffff) == 0x23;
	if (hits >= 5 || ++ticks >= 500)
		compat_flag = 0;
}

/* Interrupts and signals in compatibility mode, and the return to it */
static void interrupted(void)
{
	struct itimerval it = { { 0, 3000 }, { 0, 3000 } };
	struct sigaction sa = {
		.sa_sigaction = stop_spin,
		.sa_flags = SA_SIGINFO | SA_ONSTACK,
	};
	struct trap t;

	check(!sigaction(SIGALRM, &sa, NULL));
	compat_flag = 1;
	check(!setitimer(ITIMER_REAL, &it, NULL));
	run_insn(&t, compat_spin, 77);
	check_eq(t.signo, 0);
	check_eq(result, 77);
	check_eq(handler_cs & 0xffff, 0x23);
}

static const struct tap_case cases[] = {
	{ "far_jump", far_jump },
	{ "syscall", syscall_insn },
	{ "sysenter", sysenter },
	{ "int80", int80 },
	{ "exceptions", exceptions },
	{ "interrupted", interrupted },
};

TAP_SUITE(compatmode, cases);
