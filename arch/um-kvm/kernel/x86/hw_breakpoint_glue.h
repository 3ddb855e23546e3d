/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before hw_breakpoint.c of arch/x86, which keeps breakpoints away
 * from the data of its own entry code.  Here all of kernel space is off
 * limits: the interrupt stacks lie among the per-CPU data, and a watchpoint
 * on the stack of #DB would not end.
 */
#include <asm/desc.h>
#include <asm/pgtable_64_types.h>

#undef CPU_ENTRY_AREA_BASE
#undef CPU_ENTRY_AREA_MAP_SIZE
#define CPU_ENTRY_AREA_BASE	TASK_SIZE_MAX
#define CPU_ENTRY_AREA_MAP_SIZE	(ULONG_MAX - TASK_SIZE_MAX)
