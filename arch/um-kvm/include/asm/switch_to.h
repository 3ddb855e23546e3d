/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Process switch: __switch_to_asm() in entry/entry_64.S changes stacks,
 * __switch_to() in kernel/process.c changes the rest.
 */
#ifndef _ASM_UM_KVM_SWITCH_TO_H
#define _ASM_UM_KVM_SWITCH_TO_H

#include <linux/sched/task_stack.h>

struct task_struct;

struct task_struct *__switch_to_asm(struct task_struct *prev,
				    struct task_struct *next);
struct task_struct *__switch_to(struct task_struct *prev,
				struct task_struct *next);
asmlinkage void ret_from_fork_asm(void);
void ret_from_fork(struct task_struct *prev, struct pt_regs *regs,
		   int (*fn)(void *), void *fn_arg);

/* What __switch_to_asm() leaves on the stack of a task that does not run */
struct inactive_task_frame {
	unsigned long r15;
	unsigned long r14;
	unsigned long r13;
	unsigned long r12;
	unsigned long bx;
	unsigned long bp;	/* with ret_addr, a frame for the unwinder */
	unsigned long ret_addr;
};

struct fork_frame {
	struct inactive_task_frame frame;
	struct pt_regs regs;
};

#define switch_to(prev, next, last)	\
	((last) = __switch_to_asm((prev), (next)))

#endif
