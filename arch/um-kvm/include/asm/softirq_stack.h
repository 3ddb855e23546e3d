/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_UM_KVM_SOFTIRQ_STACK_H
#define _ASM_UM_KVM_SOFTIRQ_STACK_H

#ifdef CONFIG_SOFTIRQ_ON_OWN_STACK
/* a macro that switches to the interrupt stack and says when that is free */
#include <asm/irq_stack.h>
#else
#include <asm-generic/softirq_stack.h>
#endif

#endif
