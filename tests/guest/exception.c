// SPDX-License-Identifier: GPL-2.0
/*
 * One case per exception vector that a program can raise by an instruction:
 * signal, si_code, si_addr, and the vector, error code and instruction
 * pointer in the ucontext.  #GP has privileged.c, #PF has pagefault.c.
 */
#include <asm/ldt.h>
#include <limits.h>
#include "tap.h"
#include "trap.h"

/* Each instruction under test stands at a label, to compare with the RIP */
#define INSN(name, ...)							\
	extern const char name##_at[], name##_next[];			\
	static __noinline void name(void *arg)				\
	{								\
		asm volatile(".globl " #name "_at, " #name "_next\n"	\
			     #name "_at:\n\t" __VA_ARGS__ "\n"		\
			     #name "_next:\n"				\
			     : : : "rax", "rcx", "rdx", "memory", "cc");\
	}

INSN(insn_de, "xorl %%ecx, %%ecx; .globl divide_at; divide_at: divl %%ecx")
INSN(insn_overflow, "movl $0x80000000, %%eax; cltd; movl $-1, %%ecx;"
	"idivl %%ecx")
INSN(insn_icebp, ".byte 0xf1")
INSN(insn_int3, "int3")
INSN(insn_cd03, ".byte 0xcd, 3")
INSN(insn_cd04, ".byte 0xcd, 4")
INSN(insn_into, ".byte 0xce")
INSN(insn_ud2, "ud2")
INSN(insn_lock, ".byte 0xf0, 0x90")
INSN(insn_bound, ".byte 0x62, 0x00, 0x00, 0x00, 0x00, 0x00")
INSN(insn_ss, "movq %%rsp, %%rcx; movabs $0x8000000000000000, %%rsp;"
	".globl push_at; push_at: pushq %%rax; movq %%rcx, %%rsp")
INSN(insn_np, "movw $7, %%ax; .globl load_at; load_at: movw %%ax, %%es")
INSN(insn_nt, "pushfq; orq $0x4000, (%%rsp); popfq")

extern const char divide_at[], push_at[], load_at[];

static void de(void)
{
	struct trap t;

	trap_catch(&t, insn_de, NULL);
	check_trap(&t, SIGFPE, FPE_INTDIV, VEC_DE);
	check_eq(t.ip, divide_at);
	check_eq(t.addr, divide_at);
	check_eq(t.err, 0);
	trap_catch(&t, insn_overflow, NULL);
	check_trap(&t, SIGFPE, FPE_INTDIV, VEC_DE);
}

extern const char tf_first[];

static __noinline void insn_tf(void *arg)
{
	asm volatile("pushfq; orq $0x100, (%%rsp); popfq;"
		     "nop; .globl tf_first; tf_first: nop; nop" : : : "memory");
}

static void db_step(void)
{
	struct trap t;

	trap_catch(&t, insn_tf, NULL);
	check_trap(&t, SIGTRAP, TRAP_TRACE, VEC_DB);
	check_eq(t.ip, tf_first);
	check_eq(t.addr, tf_first);
	check(t.flags & EFLAGS_TF);
}

static void db_icebp(void)
{
	struct trap t;

	if (on_tcg())
		skip("QEMU's TCG takes icebp for a stop of the machine");
	trap_catch(&t, insn_icebp, NULL);
	check_trap(&t, SIGTRAP, TRAP_BRKPT, VEC_DB);
	/* a hypervisor that intercepts icebp may leave the pointer at it */
	check(t.ip == (unsigned long)insn_icebp_next ||
	      t.ip == (unsigned long)insn_icebp_at);
}

static void bp(void)
{
	struct trap t;

	trap_catch(&t, insn_int3, NULL);
	check_trap(&t, SIGTRAP, SI_KERNEL, VEC_BP);
	check_eq(t.ip, insn_int3_next);
	trap_catch(&t, insn_cd03, NULL);
	check_trap(&t, SIGTRAP, SI_KERNEL, VEC_BP);
	check_eq(t.ip, insn_cd03_next);
}

static void of(void)
{
	struct trap t;

	trap_catch(&t, insn_cd04, NULL);
	check_trap(&t, SIGSEGV, SI_KERNEL, VEC_OF);
	check_eq(t.ip, insn_cd04_next);
	trap_catch(&t, insn_into, NULL);
	check_trap(&t, SIGILL, ILL_ILLOPN, VEC_UD);
}

static void br(void)
{
	struct trap t;

	/* 0x62 is BOUND in 32-bit code only; here an invalid EVEX prefix */
	trap_catch(&t, insn_bound, NULL);
	check_trap(&t, SIGILL, ILL_ILLOPN, VEC_UD);
}

static void ud(void)
{
	struct trap t;

	trap_catch(&t, insn_ud2, NULL);
	check_trap(&t, SIGILL, ILL_ILLOPN, VEC_UD);
	check_eq(t.ip, insn_ud2_at);
	check_eq(t.addr, insn_ud2_at);
	check_eq(t.err, 0);
	trap_catch(&t, insn_lock, NULL);
	check_trap(&t, SIGILL, ILL_ILLOPN, VEC_UD);
}

/* The FPU is always on in Linux, so #NM reaches no program */
static void first_fpu_use(void *arg)
{
	double x = 2.0;

	asm volatile("fldl %0; fsqrt; fstpl %0" : "+m"(x));
	check(x > 1.41 && x < 1.42);
	asm volatile("pxor %%mm0, %%mm0; emms" : : : "mm0");
}

static void nm_none(void)
{
	check_child(first_fpu_use, NULL);
}

static void np(void)
{
	struct user_desc desc = {
		.entry_number = 0,
		.limit = 0xfffff,
		.seg_32bit = 1,
		.limit_in_pages = 1,
		.seg_not_present = 1,
		.useable = 1,
	};
	struct trap t;

	if (syscall(SYS_modify_ldt, 1, &desc, sizeof(desc)))
		skip("no modify_ldt");
	trap_catch(&t, insn_np, NULL);
	check_trap(&t, SIGBUS, SI_KERNEL, VEC_NP);
	check_eq(t.ip, load_at);
	check_eq(t.err, 4);
}

static void ss(void)
{
	struct trap t;

	trap_catch(&t, insn_ss, NULL);
	check_eq(t.ip, push_at);
	check_eq(t.err, 0);
	check_eq(t.code, SI_KERNEL);
	if (on_tcg() && t.no == VEC_GP)
		skip("QEMU's TCG raises #GP instead of #SS");
	check_eq(t.signo, SIGBUS);
	check_eq(t.no, VEC_SS);
}

/* IRET with NT set is #GP in 64-bit mode: no kernel entry may leave it set */
static void nt_flag(void)
{
	struct trap t;

	insn_nt(NULL);
	check(syscall(SYS_getppid) > 0);
	insn_nt(NULL);
	check(!syscall(SYS_sched_yield));
	insn_nt(NULL);
	touch(map_pages(1, PROT_READ | PROT_WRITE));
	insn_nt(NULL);
	trap_catch(&t, insn_int3, NULL);
	check_trap(&t, SIGTRAP, SI_KERNEL, VEC_BP);
}

/* A fault with the default action ends the process by that signal */
static void kill_by_fault(void)
{
	int status = run_child(insn_ud2, NULL);

	check(WIFSIGNALED(status));
	check_eq(WTERMSIG(status), SIGILL);
	status = run_child(insn_int3, NULL);
	check_eq(WTERMSIG(status), SIGTRAP);
	status = run_child(insn_de, NULL);
	check_eq(WTERMSIG(status), SIGFPE);
	status = run_child(insn_ss, NULL);
	check(WTERMSIG(status) == SIGBUS || WTERMSIG(status) == SIGSEGV);
}

static void fault_blocked(void *arg)
{
	sigset_t all;

	signal(SIGILL, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	insn_ud2(NULL);
}

/* Neither a mask nor SIG_IGN keeps a fault from ending the process */
static void kill_by_blocked_fault(void)
{
	int status = run_child(fault_blocked, NULL);

	check(WIFSIGNALED(status));
	check_eq(WTERMSIG(status), SIGILL);
}

static const struct tap_case cases[] = {
	{ "de", de },
	{ "db_step", db_step },
	{ "db_icebp", db_icebp },
	{ "bp", bp },
	{ "of", of },
	{ "br", br },
	{ "ud", ud },
	{ "nm_none", nm_none },
	{ "np", np },
	{ "ss", ss },
	{ "nt_flag", nt_flag },
	{ "kill_by_fault", kill_by_fault },
	{ "kill_by_blocked_fault", kill_by_blocked_fault },
};

TAP_SUITE(exception, cases);
