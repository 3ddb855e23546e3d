// SPDX-License-Identifier: GPL-2.0
/*
 * Exceptions of arithmetic and alignment: #MF (x87), #XM (SSE) with each of
 * their si_codes, and #AC.  TCG checks neither SSE exceptions nor alignment.
 */
#include <x86intrin.h>
#include "tap.h"
#include "trap.h"

/*
 * One way to raise each x87 exception: control word that unmasks it alone,
 * operands of a division, multiplication or square root.
 */
enum op { OP_DIV, OP_MUL, OP_SQRT };

struct math {
	int code;
	unsigned int mask;	/* bit in the control word and in MXCSR >> 7 */
	enum op op;
	double a, b;
};

static const struct math math[] = {
	{ FPE_FLTINV, 1 << 0, OP_SQRT, -1.0, 0.0 },
	{ FPE_FLTUND, 1 << 1, OP_MUL, 4.9e-324, 1.0 },	/* denormal operand */
	{ FPE_FLTDIV, 1 << 2, OP_DIV, 1.0, 0.0 },
	{ FPE_FLTOVF, 1 << 3, OP_MUL, 1e308, 1e308 },
	{ FPE_FLTUND, 1 << 4, OP_MUL, 1e-308, 1e-308 },
	{ FPE_FLTRES, 1 << 5, OP_DIV, 1.0, 3.0 },
};

extern const char fwait_at[];

/* x87 computes in 80 bits: the store to a double over- or underflows */
static __noinline void x87_raise(void *arg)
{
	const struct math *m = arg;
	unsigned short cw = 0x37f & ~m->mask;
	double r;

	asm volatile("fninit; fldcw %0" : : "m"(cw));
	if (m->op == OP_SQRT)
		asm volatile("fldl %0; fsqrt" : : "m"(m->a));
	else if (m->op == OP_DIV)
		asm volatile("fldl %0; fdivl %1" : : "m"(m->a), "m"(m->b));
	else
		asm volatile("fldl %0; fmull %1" : : "m"(m->a), "m"(m->b));
	asm volatile("fstpl %0" : "=m"(r));
	asm volatile(".globl fwait_at; fwait_at: fwait");
}

static void mf(void)
{
	struct trap t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(math); i++) {
		trap_catch(&t, x87_raise, (void *)&math[i]);
		if (!t.signo && on_tcg() && math[i].code == FPE_FLTUND)
			continue;	/* does not know denormal operands */
		check_trap(&t, SIGFPE, math[i].code, VEC_MF);
		check_eq(t.err, 0);
		check_eq(t.addr, t.ip);
	}
}

/* The exception comes with the next waiting instruction, not at once */
static void mf_deferred(void)
{
	struct math inexact = { FPE_FLTRES, 1 << 5, OP_DIV, 1.0, 3.0 };
	unsigned short cw = 0x37f & ~(1 << 5), sw;
	struct trap t;

	asm volatile("fninit; fldcw %1; fldl %2; fdivl %3; fnstsw %0"
		     : "=m"(sw) : "m"(cw), "m"(inexact.a), "m"(inexact.b));
	check(sw & 0x80);
	check(syscall(SYS_getppid) > 0);	/* pending across the kernel */
	syscall(SYS_sched_yield);
	asm volatile("fnstsw %0; fnclex; fninit" : "=m"(sw));
	check(sw & 0x80);
	trap_catch(&t, x87_raise, &inexact);
	check_eq(t.signo, SIGFPE);
}

static __noinline void sse_raise(void *arg)
{
	const struct math *m = arg;
	double r = m->a;

	_mm_setcsr(0x1f80 & ~(m->mask << 7));
	if (m->op == OP_SQRT)
		asm volatile("sqrtsd %1, %0" : "=x"(r) : "x"(m->a));
	else if (m->op == OP_DIV)
		asm volatile("divsd %1, %0" : "+x"(r) : "x"(m->b));
	else
		asm volatile("mulsd %1, %0" : "+x"(r) : "x"(m->b));
	_mm_setcsr(0x1f80);
}

static void xm(void)
{
	struct trap t;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(math); i++) {
		trap_catch(&t, sse_raise, (void *)&math[i]);
		if (!t.signo && on_tcg())
			skip("QEMU's TCG raises no SSE exceptions");
		check_trap(&t, SIGFPE, math[i].code, VEC_XM);
		check_eq(t.err, 0);
		check_eq(t.addr, t.ip);
	}
	check_eq(_mm_getcsr() & 0x1f80, 0x1f80);
}

static __noinline void read_unaligned(void *arg)
{
	unsigned int v;

	asm volatile("pushfq; orl $0x40000, (%%rsp); popfq;"
		     "movl (%1), %0;"
		     "pushfq; andl $0xfffbffff, (%%rsp); popfq"
		     : "=r"(v) : "r"(arg) : "memory", "cc");
}

static void ac(void)
{
	static char buf[16] __aligned(16);
	struct trap t;

	trap_catch(&t, read_unaligned, buf + 1);
	if (!t.signo && on_tcg())
		skip("QEMU's TCG does not check alignment");
	check_trap(&t, SIGBUS, BUS_ADRALN, VEC_AC);
	check_eq(t.err, 0);
	check(t.flags & EFLAGS_AC);
	trap_catch(&t, read_unaligned, buf + 4);
	check_eq(t.signo, 0);
}

/* Sets AC, makes the system call, and returns the flags after it */
static __noinline unsigned long call_with_ac(long nr, long a, long b, long c,
					     long *ret)
{
	unsigned long flags;

	asm volatile("pushfq; orl $0x40000, (%%rsp); popfq; syscall;"
		     "pushfq; popq %1; pushq %1;"
		     "andl $0xfffbffff, (%%rsp); popfq"
		     : "=a"(*ret), "=&r"(flags)
		     : "a"(nr), "D"(a), "S"(b), "d"(c)
		     : "rcx", "r11", "memory", "cc");
	return flags;
}

/*
 * AC is also the kernel's switch for SMAP: it must be off inside, and the
 * program's own must come back.
 */
static void ac_syscall(void)
{
	char buf[64];
	int fds[2];
	long ret;

	check(!pipe(fds));
	check(call_with_ac(SYS_write, fds[1], (long)"abcdefg" + 1, 5, &ret) &
	      EFLAGS_AC);
	check_eq(ret, 5);
	check(call_with_ac(SYS_read, fds[0], (long)buf + 3, 5, &ret) &
	      EFLAGS_AC);
	check_eq(ret, 5);
	check(!memcmp(buf + 3, "bcdef", 5));
	check(call_with_ac(SYS_write, fds[1], 0xffff888000000001, 5, &ret) &
	      EFLAGS_AC);
	check_eq(ret, -EFAULT);
}

static __noinline void touch_with_ac(void *arg)
{
	asm volatile("pushfq; orl $0x40000, (%%rsp); popfq;"
		     "movb $1, (%0);"
		     "pushfq; andl $0xfffbffff, (%%rsp); popfq"
		     : : "r"(arg) : "memory", "cc");
}

static void ac_fault(void)
{
	char *p = map_pages(16, PROT_READ | PROT_WRITE);
	struct trap t;
	int i;

	for (i = 0; i < 16; i++)
		touch_with_ac(p + i * PAGE);
	trap_catch(&t, touch_with_ac, hole_page());
	check_trap(&t, SIGSEGV, SEGV_MAPERR, VEC_PF);
	check(t.flags & EFLAGS_AC);
}

static const struct tap_case cases[] = {
	{ "mf", mf },
	{ "mf_deferred", mf_deferred },
	{ "xm", xm },
	{ "ac", ac },
	{ "ac_syscall", ac_syscall },
	{ "ac_fault", ac_fault },
};

TAP_SUITE(mathfault, cases);
