/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What dumpstack.c and asm/stacktrace.h of arch/x86 ask for by this name.  The
 * kernel's own page tables are always in CR3, so that entries need no area with
 * copies of GDT, TSS and stacks, and no trampoline stack.
 */
#ifndef _ASM_UM_KVM_CPU_ENTRY_AREA_H
#define _ASM_UM_KVM_CPU_ENTRY_AREA_H

#include <asm/desc.h>

#define N_EXCEPTION_STACKS	IST_STACKS

struct entry_stack {
};

/* A stack of no size: nothing lies on it */
static __always_inline struct entry_stack *cpu_entry_stack(int cpu)
{
	return NULL;
}

#endif
