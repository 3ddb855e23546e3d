// SPDX-License-Identifier: GPL-2.0
/*
 * Every number that assembly needs.  Names are arch/x86's, because its files
 * that are used by reference ask for them.
 */
#define COMPILE_OFFSETS

#include <linux/hardirq.h>
#include <linux/kbuild.h>
#include <linux/sched.h>
#include <linux/stddef.h>
#include <asm/processor.h>
#include <asm/ptrace.h>

static void __used offsets(void)
{
	OFFSET(TASK_threadsp, task_struct, thread.sp);
#ifdef CONFIG_STACKPROTECTOR
	OFFSET(TASK_stack_canary, task_struct, stack_canary);
	OFFSET(FIXED_stack_canary, fixed_percpu_data, stack_canary);
#endif
	OFFSET(X86_top_of_stack, pcpu_hot, top_of_stack);
	OFFSET(X86_current_task, pcpu_hot, current_task);
	DEFINE(PTREGS_SIZE, sizeof(struct pt_regs));
}
