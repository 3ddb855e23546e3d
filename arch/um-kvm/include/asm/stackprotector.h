/* SPDX-License-Identifier: GPL-2.0 */
/* The stack canary: gcc reads it at %gs:40, see struct fixed_percpu_data */
#ifndef _ASM_UM_KVM_STACKPROTECTOR_H
#define _ASM_UM_KVM_STACKPROTECTOR_H

#include <linux/random.h>
#include <linux/sched.h>
#include <asm/processor.h>

/* Only for functions that never return: their own canary changes */
static __always_inline void boot_init_stack_canary(void)
{
	unsigned long canary = get_random_canary();

	current->stack_canary = canary;
	this_cpu_write(fixed_percpu_data.stack_canary, canary);
}

static inline void cpu_init_stack_canary(int cpu, struct task_struct *idle)
{
	per_cpu(fixed_percpu_data.stack_canary, cpu) = idle->stack_canary;
}

#endif
