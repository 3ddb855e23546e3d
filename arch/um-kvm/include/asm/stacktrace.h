/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The unwinder walks frame pointers.  An entry from outside leaves a frame
 * pointer whose lowest bit is set and that points to its struct pt_regs
 * (ENCODE_FRAME_POINTER), so it walks through exceptions and interrupts too.
 */
#ifndef _ASM_UM_KVM_STACKTRACE_H
#define _ASM_UM_KVM_STACKTRACE_H

#include <linux/ptrace.h>
#include <linux/sched.h>

struct unwind_state {
	struct task_struct *task;
	struct pt_regs *regs;	/* of the entry that the next step leaves */
	unsigned long ip;
	unsigned long bp;
	unsigned long last;	/* previous frame, for progress in one stack */
	bool reliable;
};

/* @regs NULL: @task's own context, which is the caller's for current */
void unwind_start(struct unwind_state *state, struct task_struct *task,
		  struct pt_regs *regs);
/* False at the end; state->reliable then tells whether it was a known one */
bool unwind_next(struct unwind_state *state);

#endif
