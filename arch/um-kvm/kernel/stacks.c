// SPDX-License-Identifier: GPL-2.0
/*
 * The stacks of a CPU, as the unwinder and the oopses of arch/x86 see them: where
 * each begins and ends, what it is called, and which stack was left for it.
 */
#include <linux/bitops.h>
#include <linux/sched.h>
#include <asm/desc.h>
#include <asm/processor.h>
#include <asm/stacktrace.h>

const char *stack_type_name(enum stack_type type)
{
	static const char * const ist_names[IST_STACKS] = {
		[IST_DF - 1] = "#DF", [IST_NMI - 1] = "NMI",
		[IST_DB - 1] = "#DB", [IST_MC - 1] = "#MC",
	};

	if (type == STACK_TYPE_TASK)
		return "TASK";
	if (type == STACK_TYPE_IRQ)
		return "IRQ";
	if (type >= STACK_TYPE_EXCEPTION && type <= STACK_TYPE_EXCEPTION_LAST)
		return ist_names[type - STACK_TYPE_EXCEPTION];
	return NULL;
}

/* The frame at the top of an exception's stack says where it came from */
static __always_inline bool in_ist_stack(unsigned long *stack,
					 struct stack_info *info)
{
	unsigned long base = (unsigned long)this_cpu_ptr(&ist_stacks);
	unsigned long nr = ((unsigned long)stack - base) / IST_STACK_SIZE;
	struct pt_regs *end;

	if (nr >= IST_STACKS)
		return false;

	end = (void *)(base + (nr + 1) * IST_STACK_SIZE);
	info->type = STACK_TYPE_EXCEPTION + nr;
	info->begin = (unsigned long *)end - IST_STACK_SIZE / sizeof(long);
	info->end = (unsigned long *)end;
	info->next_sp = (unsigned long *)end[-1].sp;
	return true;
}

/* call_on_stack() of asm/irq_stack.h leaves the old RSP in the topmost word */
static __always_inline bool in_irq_stack(unsigned long *stack,
					 struct stack_info *info)
{
	unsigned long *top = this_cpu_read(pcpu_hot.hardirq_stack_ptr);
	unsigned long *begin = top + 1 - IRQ_STACK_SIZE / sizeof(long);

	if (!top || stack < begin || stack > top)
		return false;

	info->type = STACK_TYPE_IRQ;
	info->begin = begin;
	info->end = top + 1;
	info->next_sp = (unsigned long *)*top;
	return true;
}

/* Only a running task can be on this CPU's exception and interrupt stacks */
bool noinstr get_stack_info_noinstr(unsigned long *stack,
				    struct task_struct *task,
				    struct stack_info *info)
{
	if (in_task_stack(stack, task, info))
		return true;
	return task == current &&
	       (in_ist_stack(stack, info) || in_irq_stack(stack, info));
}

/* A stack that comes up a second time (@visit_mask, may be NULL) ends a walk */
int get_stack_info(unsigned long *stack, struct task_struct *task,
		   struct stack_info *info, unsigned long *visit_mask)
{
	if (stack && get_stack_info_noinstr(stack, task ?: current, info) &&
	    !(visit_mask && __test_and_set_bit(info->type, visit_mask)))
		return 0;

	info->type = STACK_TYPE_UNKNOWN;
	return -EINVAL;
}
