/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A system call with every register under the test's control, and one that
 * uses no libc (and so no FS): for tests that leave FS in a strange state.
 */
#ifndef TESTS_GUEST_RAWCALL_H
#define TESTS_GUEST_RAWCALL_H

/* In the order of raw_regs_call() in rawcall.S */
struct raw_regs {
	unsigned long ax, bx, cx, dx, si, di, bp;
	unsigned long r8, r9, r10, r11, r12, r13, r14, r15;
	unsigned long flags;
};

/* Loads all of @regs, executes SYSCALL, stores all of them back */
void raw_regs_call(struct raw_regs *regs);
extern const char raw_regs_after[];	/* the instruction after SYSCALL */

static inline long raw_call(long nr, long a, long b, long c)
{
	long ret;

	asm volatile("syscall" : "=a"(ret) : "a"(nr), "D"(a), "S"(b), "d"(c)
		     : "rcx", "r11", "memory");
	return ret;
}

#endif
