// SPDX-License-Identifier: GPL-2.0
/*
 * rt_sigreturn with a frame that the program has changed: good changes take
 * effect, bad ones are SIGSEGV for the program and nothing for the kernel.
 */
#include <setjmp.h>
#include <ucontext.h>
#include "rawcall.h"
#include "tap.h"
#include "trap.h"

static void (*edit)(ucontext_t *uc);
static unsigned long edit_arg;

static void edit_handler(int signo, siginfo_t *info, void *ctx)
{
	edit(ctx);
}

static __noinline void raise_edited(void *arg)
{
	raw_call(SYS_kill, getpid(), SIGUSR1, 0);
}

/* Runs @fn on the frame of SIGUSR1; @t says how the return from it ended */
static void edited(struct trap *t, void (*fn)(ucontext_t *), unsigned long arg)
{
	struct sigaction sa = {
		.sa_sigaction = edit_handler, .sa_flags = SA_SIGINFO,
	};

	edit = fn;
	edit_arg = arg;
	check(!sigaction(SIGUSR1, &sa, NULL));
	trap_catch(t, raise_edited, NULL);
}

static void set_regs(ucontext_t *uc)
{
	greg_t *g = uc->uc_mcontext.gregs;

	g[REG_RAX] = 0x1111;
	g[REG_RBX] = 0x2222;
	g[REG_RCX] = 0x3333;
	g[REG_R11] = 0x4444;
	g[REG_R15] = -5;
	g[REG_RDI] = 0x6666;
	g[REG_EFL] |= 0x8d5;
}

/* RCX and R11 too: the way back is IRET, not SYSRET */
static void regs(void)
{
	struct sigaction sa = {
		.sa_sigaction = edit_handler, .sa_flags = SA_SIGINFO,
	};
	struct raw_regs r = {
		.ax = SYS_kill, .di = getpid(), .si = SIGUSR1, .flags = 0x202,
		.r9 = 9,
	};

	edit = set_regs;
	check(!sigaction(SIGUSR1, &sa, NULL));
	raw_regs_call(&r);
	check_eq(r.ax, 0x1111);
	check_eq(r.bx, 0x2222);
	check_eq(r.cx, 0x3333);
	check_eq(r.r11, 0x4444);
	check_eq(r.r15, -5);
	check_eq(r.di, 0x6666);
	check_eq(r.r9, 9);
	check_eq(r.flags, 0x202 | 0x8d5);
}

static void set_ip(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_RIP] = edit_arg;
}

static void ip_non_canonical(void)
{
	static const unsigned long ip[] = {
		0x800000000000, 0x8000000000000000, 0xffff7fffffffffff,
	};
	struct trap t;
	unsigned int i;

	need_four_levels();
	for (i = 0; i < ARRAY_SIZE(ip); i++) {
		edited(&t, set_ip, ip[i]);
		check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
		check_eq(t.ip, ip[i]);
	}
}

static void ip_unmapped(void)
{
	const unsigned long ip[] = {
		0x7ffffffff000, 0xffffffff81000000, 0xffff888000000000,
		(unsigned long)hole_page(), 0,
	};
	struct trap t;
	unsigned int i;

	need_four_levels();
	for (i = 0; i < ARRAY_SIZE(ip); i++) {
		edited(&t, set_ip, ip[i]);
		check_trap(&t, SIGSEGV, SEGV_MAPERR, VEC_PF);
		check_eq(t.ip, ip[i]);
		check_eq(t.addr, ip[i]);
	}
}

static void set_sp(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_RSP] = edit_arg;
}

static void bad_sp(void)
{
	static const unsigned long sp[] = {
		0x8000000000000000, 0xffff888000001000, 0, 8, -8UL,
	};
	struct trap t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sp); i++) {
		edited(&t, set_sp, sp[i]);
		check(t.signo == SIGSEGV || t.signo == SIGBUS);
	}
}

static void set_cs(ucontext_t *uc)
{
	greg_t *g = &uc->uc_mcontext.gregs[REG_CSGSFS];

	*g = (*g & ~0xffffL) | (edit_arg & 0xffff);
}

/* The kernel's segments, the TSS, nothing: IRET refuses, the process pays */
static void bad_cs(void)
{
	static const unsigned long cs[] = {
		0, 3, 0x10, 0x13, 0x1b, 0x2b, 0x43, 0x7b, 0xfffb, 0xffff, 7,
	};
	struct trap t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cs); i++) {
		edited(&t, set_cs, cs[i]);
		check(t.signo == SIGSEGV || t.signo == SIGBUS);
		check(t.no == VEC_GP || t.no == VEC_NP);
	}
}

static void set_ss(ucontext_t *uc)
{
	greg_t *g = &uc->uc_mcontext.gregs[REG_CSGSFS];

	*g = (*g & 0xffffffffffff) | edit_arg << 48;
	uc->uc_flags |= 4;		/* UC_STRICT_RESTORE_SS */
}

static void bad_ss(void)
{
	static const unsigned long ss[] = {
		0x10, 0x1b, 0x33, 0x43, 0xfffb, 7,
	};
	struct trap t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ss); i++) {
		edited(&t, set_ss, ss[i]);
		check(t.signo == SIGSEGV || t.signo == SIGBUS);
	}
}

static void set_flags(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_EFL] = edit_arg;
}

static __noinline void do_cli(void *arg)
{
	asm volatile("cli");
}

/* No frame can switch interrupts off or raise the I/O privilege */
static void flags_privileged(void)
{
	unsigned long now;
	struct trap t;

	edited(&t, set_flags, EFLAGS_IOPL | EFLAGS_NT | 0x20000);
	check_eq(t.signo, 0);
	asm volatile("pushfq; popq %0" : "=r"(now));
	check(now & EFLAGS_IF);
	check(!(now & (EFLAGS_IOPL | EFLAGS_NT | 0x20000)));
	asm volatile("pushq $0x202; popfq" : : : "memory", "cc");
	trap_catch(&t, do_cli, NULL);
	check_trap(&t, SIGSEGV, SI_KERNEL, VEC_GP);
}

/* TF in the frame: one step of the interrupted code, then SIGTRAP */
static void flags_tf(void)
{
	struct trap t;

	edited(&t, set_flags, 0x202 | EFLAGS_TF);
	check_trap(&t, SIGTRAP, TRAP_TRACE, VEC_DB);
	edited(&t, set_flags, 0x202 | EFLAGS_RF);
	check_eq(t.signo, 0);
	edited(&t, set_flags, 0x202 | EFLAGS_RF | EFLAGS_TF);
	check_eq(t.signo, SIGTRAP);
}

/* rt_sigreturn with a stack pointer that is no frame at all */
static __noinline void sigreturn_at(void *sp)
{
	asm volatile("movq %0, %%rsp; syscall; ud2"
		     : : "r"(sp), "a"(SYS_rt_sigreturn) : "memory");
}

static void no_frame(void)
{
	static const unsigned long sp[] = {
		8, 0x8000000000000000, 0xffff888000001000, 0x7fffffffeff8,
		0xffffffff81000001,
	};
	static char zeroes[4096] __aligned(64);
	struct trap t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sp); i++) {
		trap_catch(&t, sigreturn_at, (void *)sp[i]);
		check_eq(t.signo, SIGSEGV);
	}
	trap_catch(&t, sigreturn_at, hole_page() + 128);
	check_eq(t.signo, SIGSEGV);
	/* all zero is a frame: RIP 0, selectors 3 */
	trap_catch(&t, sigreturn_at, zeroes + 2048);
	check(t.signo == SIGSEGV || t.signo == SIGBUS);
}

static void move_fp(ucontext_t *uc)
{
	uc->uc_mcontext.fpregs = (void *)edit_arg;
}

/* A wild pointer to the FPU state; a null one means the initial state */
static void bad_fp_pointer(void)
{
	static const unsigned long fp[] = {
		0x8000000000000000, 0xffff888000001000, 64, 0x7fffffffefc0,
	};
	struct trap t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fp); i++) {
		edited(&t, move_fp, fp[i]);
		check_eq(t.signo, SIGSEGV);
	}
	edited(&t, move_fp, (unsigned long)hole_page());
	check_eq(t.signo, SIGSEGV);
	edited(&t, move_fp, 0);
	check_eq(t.signo, 0);
}

static void set_mxcsr(ucontext_t *uc)
{
	uc->uc_mcontext.fpregs->mxcsr = edit_arg;
}

/* Offsets in the extended state: header at 512, its reserved words after */
static void set_xfeature(ucontext_t *uc)
{
	char *x = (char *)uc->uc_mcontext.fpregs;

	*(uint64_t *)(x + 512) |= 1UL << edit_arg;
}

static void set_header(ucontext_t *uc)
{
	memset((char *)uc->uc_mcontext.fpregs + 520, 0xff, edit_arg);
}

/*
 * What XRSTOR refuses, seen by the kernel as a fault of its own.  Linux may
 * mask a feature bit that it does not know instead.
 */
static void bad_fp_state(void)
{
	struct trap t;

	edited(&t, set_mxcsr, 0xffffffff);
	check(t.signo == SIGSEGV || t.signo == 0);
	if (!have_avx())
		skip("no extended state");
	edited(&t, set_xfeature, 62);
	check(t.signo == SIGSEGV || t.signo == 0);
	edited(&t, set_xfeature, 63);
	check(t.signo == SIGSEGV || t.signo == 0);
	edited(&t, set_header, 8);
	check(t.signo == SIGSEGV || t.signo == 0);
	edited(&t, set_header, 56);
	check(t.signo == SIGSEGV || t.signo == 0);
}

static const struct tap_case cases[] = {
	{ "regs", regs },
	{ "ip_non_canonical", ip_non_canonical },
	{ "ip_unmapped", ip_unmapped },
	{ "bad_sp", bad_sp },
	{ "bad_cs", bad_cs },
	{ "bad_ss", bad_ss },
	{ "flags_privileged", flags_privileged },
	{ "flags_tf", flags_tf },
	{ "no_frame", no_frame },
	{ "bad_fp_pointer", bad_fp_pointer },
	{ "bad_fp_state", bad_fp_state },
};

TAP_SUITE(sigreturn, cases);
