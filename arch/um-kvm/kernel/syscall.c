// SPDX-License-Identifier: GPL-2.0
/*
 * System calls: the table, and what happens between entry_SYSCALL_64 and the
 * way back.  The table is generated from arch/x86's syscall_64.tbl
 * (kernel/Makefile.syscalls); tracing, seccomp, audit and signals are generic
 * entry code.
 */
#include <linux/entry-common.h>
#include <linux/linkage.h>
#include <linux/nospec.h>
#include <linux/randomize_kstack.h>
#include <linux/syscalls.h>
#include <asm/syscall.h>

/* entry_SYSCALL_64 parks the program's stack pointer here for a moment */
DEFINE_PER_CPU(unsigned long, entry_user_sp);

#define __SYSCALL(nr, sym) extern long __x64_##sym(const struct pt_regs *);
#define __SYSCALL_NORETURN __SYSCALL
#include <asm/syscall_table_64.h>
#undef __SYSCALL

#define __SYSCALL(nr, sym) [nr] = __x64_##sym,
const sys_call_ptr_t sys_call_table[NR_syscalls] = {
#include <asm/syscall_table_64.h>
};

/* What the holes of the table and numbers beyond it call */
SYSCALL_DEFINE0(ni_syscall)
{
	return -ENOSYS;
}

/*
 * SYSRET can restore exactly a frame that SYSCALL made: RCX is RIP, R11 is
 * RFLAGS, the segments are the standard ones.  RF and TF it gets wrong, and a
 * RIP above the user half would fault in ring 0 with the program's stack
 * (Intel SDM Vol. 2, SYSRET), so only what is surely a user address goes.
 */
static __always_inline bool sysret_is_exact(const struct pt_regs *regs)
{
	return regs->cx == regs->ip && regs->r11 == regs->flags &&
	       regs->cs == __USER_CS && regs->ss == __USER_DS &&
	       regs->ip < TASK_SIZE_MAX &&
	       !(regs->flags & (X86_EFLAGS_RF | X86_EFLAGS_TF));
}

/* Returns whether the fast way back, SYSRET, may be taken */
__visible noinstr bool do_syscall_64(struct pt_regs *regs, int nr)
{
	unsigned int unr;

	add_random_kstack_offset();
	nr = syscall_enter_from_user_mode(regs, nr);
	unr = nr;

	instrumentation_begin();
	if (likely(unr < NR_syscalls)) {
		unr = array_index_nospec(unr, NR_syscalls);
		regs->ax = sys_call_table[unr](regs);
	} else if (nr != -1) {
		/* -1 means that a tracer or seccomp has set the result */
		regs->ax = __x64_sys_ni_syscall(regs);
	}
	instrumentation_end();

	syscall_exit_to_user_mode(regs);
	return sysret_is_exact(regs);
}
