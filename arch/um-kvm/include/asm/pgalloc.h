/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocation of page tables.  Tables of a user address space are freed
 * through the mmu_gather, after an RCU grace period: GUP-fast walks them
 * without a lock, and a TLB flush need not be an interrupt for ever.
 */
#ifndef _ASM_UM_KVM_PGALLOC_H
#define _ASM_UM_KVM_PGALLOC_H

#include <linux/mm.h>

#define __HAVE_ARCH_PGD_FREE
#include <asm-generic/pgalloc.h>

pgd_t *pgd_alloc(struct mm_struct *mm);
void pgd_free(struct mm_struct *mm, pgd_t *pgd);

static inline void pmd_populate_kernel(struct mm_struct *mm, pmd_t *pmd,
				       pte_t *pte)
{
	set_pmd(pmd, __pmd(__pa(pte) | _PAGE_TABLE));
}

static inline void pmd_populate(struct mm_struct *mm, pmd_t *pmd,
				struct page *pte)
{
	set_pmd(pmd, __pmd(PFN_PHYS(page_to_pfn(pte)) | _PAGE_TABLE));
}

static inline void pud_populate(struct mm_struct *mm, pud_t *pud, pmd_t *pmd)
{
	set_pud(pud, __pud(__pa(pmd) | _PAGE_TABLE));
}

static inline void p4d_populate(struct mm_struct *mm, p4d_t *p4d, pud_t *pud)
{
	set_p4d(p4d, __p4d(__pa(pud) | _PAGE_TABLE));
}

/* asm-generic/tlb.h, which needs this header first */
void tlb_remove_table(struct mmu_gather *tlb, void *table);

static inline void __pte_free_tlb(struct mmu_gather *tlb, struct page *pte,
				  unsigned long addr)
{
	pagetable_pte_dtor(page_ptdesc(pte));
	tlb_remove_table(tlb, pte);
}

static inline void __pmd_free_tlb(struct mmu_gather *tlb, pmd_t *pmd,
				  unsigned long addr)
{
	pagetable_pmd_dtor(virt_to_ptdesc(pmd));
	tlb_remove_table(tlb, virt_to_page(pmd));
}

static inline void __pud_free_tlb(struct mmu_gather *tlb, pud_t *pud,
				  unsigned long addr)
{
	pagetable_pud_dtor(virt_to_ptdesc(pud));
	tlb_remove_table(tlb, virt_to_page(pud));
}

#endif /* _ASM_UM_KVM_PGALLOC_H */
