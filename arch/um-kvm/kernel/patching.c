// SPDX-License-Identifier: GPL-2.0
/*
 * What alternative.c of arch/x86 needs to patch code that runs: an address
 * space of its own, through which it writes to read-only text.
 */
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched/mm.h>
#include <asm/nmi.h>
#include <asm/text-patching.h>

int after_bootmem;

/*
 * A random place for two pages under one page table, which is allocated here:
 * later there is no way to fail.
 */
void __init poking_init(void)
{
	spinlock_t *ptl;
	pte_t *pte;

	poking_mm = mm_alloc();
	BUG_ON(!poking_mm);

	poking_addr = TASK_UNMAPPED_BASE;
	poking_addr += (get_random_long() & PAGE_MASK) %
		       (TASK_SIZE - TASK_UNMAPPED_BASE - 3 * PAGE_SIZE);
	if (((poking_addr + PAGE_SIZE) & ~PMD_MASK) == 0)
		poking_addr += PAGE_SIZE;

	pte = get_locked_pte(poking_mm, poking_addr, &ptl);
	BUG_ON(!pte);
	pte_unmap_unlock(pte, ptl);
	after_bootmem = 1;
}

/* Nobody sends an NMI while alternatives are patched, at boot */
void stop_nmi(void)
{
}

void restart_nmi(void)
{
}
