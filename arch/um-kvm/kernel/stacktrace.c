// SPDX-License-Identifier: GPL-2.0
/*
 * The frame-pointer unwinder and those who use it: stack traces for generic
 * code, Call Trace lines for people.  It reads only stacks that it knows, so
 * that a wrong frame pointer ends the walk and never faults.
 */
#include <linux/kallsyms.h>
#include <linux/sched/debug.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include <asm/desc.h>
#include <asm/frame.h>
#include <asm/kdebug.h>
#include <asm/stacktrace.h>
#include <asm/switch_to.h>

static bool on_irq_stack(unsigned long addr)
{
	unsigned long top = (unsigned long)this_cpu_read(pcpu_hot.hardirq_stack_ptr);

	return top && top + sizeof(long) - addr - 1 < IRQ_STACK_SIZE;
}

/* Only a running task can be on this CPU's interrupt and IST stacks */
static bool on_known_stack(struct task_struct *task, unsigned long addr,
			   unsigned long len)
{
	unsigned long base = (unsigned long)task_stack_page(task);

	if (!base)
		return false;
	if (addr - base <= THREAD_SIZE - len)
		return true;
	return task == current && (on_irq_stack(addr) || in_ist_stack(addr));
}

/*
 * A call of what is no code has pushed its return address but not yet a frame
 * pointer: go on from there.
 */
static void enter_regs(struct unwind_state *state, struct pt_regs *regs)
{
	state->regs = regs;
	state->ip = regs->ip;
	if (!__kernel_text_address(regs->ip) &&
	    on_known_stack(state->task, regs->sp, sizeof(long)))
		state->ip = READ_ONCE_NOCHECK(*(unsigned long *)regs->sp);
	state->bp = regs->bp;
	state->last = 0;
}

/* Without registers, the first address is in the caller of who calls this */
noinline void unwind_start(struct unwind_state *state, struct task_struct *task,
			   struct pt_regs *regs)
{
	*state = (struct unwind_state) { .task = task };

	if (regs) {
		enter_regs(state, regs);
	} else if (task == current) {
		state->bp = (unsigned long)__builtin_frame_address(0);
		unwind_next(state);
		unwind_next(state);
	} else {
		struct inactive_task_frame *frame = (void *)task->thread.sp;

		state->bp = frame->bp;
		state->ip = frame->ret_addr;
	}
}

/* Bit 0 marks a frame pointer that leads to the registers of an entry */
static bool next_regs(struct unwind_state *state, unsigned long addr)
{
	struct pt_regs *regs = (struct pt_regs *)(addr & ~1UL);

	state->regs = NULL;
	if (regs == task_pt_regs(state->task)) {
		state->reliable = true;
		return false;
	}
	if (!on_known_stack(state->task, (unsigned long)regs, sizeof(*regs)))
		return false;
	if (user_mode(regs)) {
		state->reliable = true;
		return false;
	}
	enter_regs(state, regs);
	return true;
}

bool unwind_next(struct unwind_state *state)
{
	unsigned long bp = state->bp;
	unsigned long *frame = (unsigned long *)bp;

	if (bp & 1)
		return next_regs(state, bp);
	state->regs = NULL;
	if ((bp & 7) || !on_known_stack(state->task, bp, 2 * sizeof(long)))
		return false;
	/* frames go up, but for the one step from stack to stack */
	if (state->last && bp <= state->last &&
	    on_known_stack(state->task, state->last, 1) &&
	    (bp ^ state->last) < THREAD_SIZE)
		return false;
	state->last = bp;
	state->bp = READ_ONCE_NOCHECK(frame[0]);
	state->ip = READ_ONCE_NOCHECK(frame[1]);
	return state->ip;
}

noinline void arch_stack_walk(stack_trace_consume_fn consume, void *cookie,
			      struct task_struct *task, struct pt_regs *regs)
{
	struct unwind_state state;

	unwind_start(&state, task, regs);
	do {
		if (!state.ip || !consume(cookie, state.ip))
			return;
	} while (unwind_next(&state));
}

static noinline void show_trace(struct task_struct *task, struct pt_regs *regs,
				const char *level)
{
	struct unwind_state state;

	printk("%sCall Trace:\n", level);
	if (!try_get_task_stack(task))
		return;
	unwind_start(&state, task, regs);
	do {
		if (!state.ip)
			break;
		/* a return address may be that of the next function's start */
		if (state.regs && state.ip == state.regs->ip)
			printk("%s %pS\n", level, (void *)state.ip);
		else
			printk("%s %pB\n", level, (void *)state.ip);
		if (state.regs && state.regs != regs)
			show_iret_regs(state.regs, level);
	} while (unwind_next(&state));
	put_task_stack(task);
}

void show_stack(struct task_struct *task, unsigned long *sp, const char *level)
{
	show_trace(task ?: current, NULL, level);
}

void show_stack_regs(struct pt_regs *regs)
{
	show_trace(current, regs, KERN_DEFAULT);
}
