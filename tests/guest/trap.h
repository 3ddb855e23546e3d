/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs a function that is expected to raise an exception, and reports what
 * the signal said about it.
 */
#ifndef TESTS_GUEST_TRAP_H
#define TESTS_GUEST_TRAP_H

/*
 * What the handler saw; @signo is 0 if the function returned.  @addr and
 * @code come from siginfo, the others from the ucontext.
 */
struct trap {
	int signo;
	int code;
	unsigned long addr;
	unsigned long no;
	unsigned long err;
	unsigned long cr2;
	unsigned long ip;
	unsigned long flags;
	unsigned long cs;
};

/* Exception vectors, as in the ucontext's trapno */
enum {
	VEC_DE = 0, VEC_DB = 1, VEC_BP = 3, VEC_OF = 4, VEC_BR = 5, VEC_UD = 6,
	VEC_NP = 11, VEC_SS = 12, VEC_GP = 13, VEC_PF = 14, VEC_MF = 16,
	VEC_AC = 17, VEC_XM = 19,
};

#define EFLAGS_CF	0x00000001UL
#define EFLAGS_TF	0x00000100UL
#define EFLAGS_IF	0x00000200UL
#define EFLAGS_DF	0x00000400UL
#define EFLAGS_IOPL	0x00003000UL
#define EFLAGS_NT	0x00004000UL
#define EFLAGS_RF	0x00010000UL
#define EFLAGS_AC	0x00040000UL
#define EFLAGS_ID	0x00200000UL

/*
 * Calls @fn(@arg) with handlers for SIGSEGV, SIGBUS, SIGILL, SIGFPE and
 * SIGTRAP on an alternate stack.  Not for functions that change FS.
 */
void trap_catch(struct trap *t, void (*fn)(void *arg), void *arg);

/* Calls @insn, a few bytes of code, as a function */
void *code_page(const void *insn, unsigned long len);

#define check_trap(t, sig, sicode, vec)			\
	do {						\
		check_eq((t)->signo, sig);		\
		check_eq((t)->no, vec);			\
		check_eq((t)->code, sicode);		\
	} while (0)

#endif
