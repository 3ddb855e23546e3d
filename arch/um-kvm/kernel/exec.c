// SPDX-License-Identifier: GPL-2.0
/*
 * What exec asks of the architecture: forget the old program, set up the
 * registers of the new one, and where its stack and its heap begin.  Also the
 * prctl() that keeps a program from reading the TSC.
 */
#include <linux/binfmts.h>
#include <linux/elf-randomize.h>
#include <linux/export.h>
#include <linux/hw_breakpoint.h>
#include <linux/mm.h>
#include <linux/personality.h>
#include <linux/prctl.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/seccomp.h>
#include <linux/sizes.h>
#include <linux/uaccess.h>
#include <asm/elf.h>
#include <asm/fpu/sched.h>
#include <asm/pkru.h>
#include <asm/segments.h>
#include <asm/unistd.h>

void flush_thread(void)
{
	flush_ptrace_hw_breakpoint(current);
	fpu_flush_thread();
	pkru_write_default();
}

/* asm/thread_info.h of arch/x86 promises it; no per-task state needs it here */
void arch_setup_new_exec(void)
{
}

/* A program is 64-bit, whatever asked for it; its system call was execve() */
void set_personality_64bit(void)
{
	clear_thread_flag(TIF_ADDR32);
	task_pt_regs(current)->orig_ax = __NR_execve;
	current->personality &= ~READ_IMPLIES_EXEC;
}

void start_thread(struct pt_regs *regs, unsigned long ip, unsigned long sp)
{
	user_segments_reset();
	regs->ip = ip;
	regs->sp = sp;
	regs->cs = __USER_CS;
	regs->ss = __USER_DS;
	regs->flags = X86_EFLAGS_IF | X86_EFLAGS_FIXED;
}
EXPORT_SYMBOL_GPL(start_thread);

unsigned long arch_align_stack(unsigned long sp)
{
	if (!(current->personality & ADDR_NO_RANDOMIZE) && randomize_va_space)
		sp -= get_random_u32_below(8192);
	return sp & ~0xf;
}

unsigned long arch_randomize_brk(struct mm_struct *mm)
{
	return randomize_page(mm->brk, SZ_1G);
}

/*
 * The flag and CR4 change together, so that no switch comes in between; it
 * would toggle CR4 by the flag.
 */
static void set_notsc(bool on)
{
	preempt_disable();
	if (on && !test_and_set_thread_flag(TIF_NOTSC))
		cr4_set_bits(X86_CR4_TSD);
	if (!on && test_and_clear_thread_flag(TIF_NOTSC))
		cr4_clear_bits(X86_CR4_TSD);
	preempt_enable();
}

/* For seccomp's strict mode */
void disable_TSC(void)
{
	set_notsc(true);
}

int get_tsc_mode(unsigned long adr)
{
	unsigned int val = test_thread_flag(TIF_NOTSC) ? PR_TSC_SIGSEGV :
							 PR_TSC_ENABLE;

	return put_user(val, (unsigned int __user *)adr);
}

int set_tsc_mode(unsigned int val)
{
	if (val != PR_TSC_SIGSEGV && val != PR_TSC_ENABLE)
		return -EINVAL;
	set_notsc(val == PR_TSC_SIGSEGV);
	return 0;
}
