/* SPDX-License-Identifier: GPL-2.0 */
/* The mmu_gather: what it flushes, and how it frees a page table at last */
#ifndef _ASM_UM_KVM_TLB_H
#define _ASM_UM_KVM_TLB_H

struct mmu_gather;

#define tlb_flush tlb_flush
static inline void tlb_flush(struct mmu_gather *tlb);

#include <asm-generic/tlb.h>

static inline void tlb_flush(struct mmu_gather *tlb)
{
	if (tlb->fullmm || tlb->need_flush_all)
		flush_tlb_mm(tlb->mm);
	else
		flush_tlb_mm_range(tlb->mm, tlb->start, tlb->end,
				   tlb_get_unmap_shift(tlb),
				   tlb->freed_tables);
}

/* @table: the struct page that asm/pgalloc.h gave to tlb_remove_table() */
static inline void __tlb_remove_table(void *table)
{
	free_page_and_swap_cache(table);
}

#endif /* _ASM_UM_KVM_TLB_H */
