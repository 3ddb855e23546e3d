// SPDX-License-Identifier: GPL-2.0
/*
 * Page table operations that are too long or too rare to be inline: top-level
 * tables, changes of a user entry that has to keep what the CPU wrote into
 * it, 2 MiB entries of vmap(), and the fixmap.
 */
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/pgalloc.h>
#include <asm/fixmap.h>
#include <asm/tlbflush.h>

/* arch/x86/mm/pgprot.c asks what entries may hold: here, everything */
pteval_t __supported_pte_mask __ro_after_init = ~0UL;
EXPORT_SYMBOL(__supported_pte_mask);

/* The kernel's half is the same in all of them for ever, see mm/init.c */
pgd_t *pgd_alloc(struct mm_struct *mm)
{
	pgd_t *pgd = (pgd_t *)__get_free_page(GFP_PGTABLE_USER);

	if (pgd)
		memcpy(pgd + KERNEL_PGD_BOUNDARY,
		       swapper_pg_dir + KERNEL_PGD_BOUNDARY,
		       KERNEL_PGD_PTRS * sizeof(pgd_t));
	return pgd;
}

void pgd_free(struct mm_struct *mm, pgd_t *pgd)
{
	free_page((unsigned long)pgd);
}

/*
 * @entry was computed from an earlier read.  Without @dirty it differs by the
 * Accessed bit at most, which the CPU sets by itself; storing it could undo a
 * Dirty bit that the CPU has set since.  With @dirty nothing can be lost.
 */
int ptep_set_access_flags(struct vm_area_struct *vma, unsigned long addr,
			  pte_t *ptep, pte_t entry, int dirty)
{
	int changed = !pte_same(*ptep, entry);

	if (changed && dirty)
		set_pte(ptep, entry);

	return changed;
}

#ifdef CONFIG_TRANSPARENT_HUGEPAGE
int pmdp_set_access_flags(struct vm_area_struct *vma, unsigned long addr,
			  pmd_t *pmdp, pmd_t entry, int dirty)
{
	int changed = !pmd_same(*pmdp, entry);

	VM_BUG_ON(addr & ~HPAGE_PMD_MASK);
	if (changed && dirty)
		set_pmd(pmdp, entry);

	return changed;
}

int pmdp_clear_flush_young(struct vm_area_struct *vma, unsigned long addr,
			   pmd_t *pmdp)
{
	int young = pmdp_test_and_clear_young(vma, addr, pmdp);

	VM_BUG_ON(addr & ~HPAGE_PMD_MASK);
	if (young)
		flush_tlb_range(vma, addr, addr + HPAGE_PMD_SIZE);

	return young;
}
#endif

#ifdef CONFIG_HAVE_ARCH_HUGE_VMAP
int pmd_set_huge(pmd_t *pmd, phys_addr_t phys, pgprot_t prot)
{
	if (pmd_present(*pmd) && !pmd_leaf(*pmd))
		return 0;

	set_pmd(pmd, pmd_mkhuge(pfn_pmd(PHYS_PFN(phys), prot)));
	return 1;
}

int pmd_clear_huge(pmd_t *pmd)
{
	if (!pmd_leaf(*pmd))
		return 0;

	pmd_clear(pmd);
	return 1;
}

/* asm/vmalloc.h allows no 1 GiB pages */
int pud_clear_huge(pud_t *pud)
{
	return 0;
}

/*
 * An empty table makes room for a 2 MiB page.  INVLPG drops what the CPU
 * cached of the way to the table for the PCID in use only, hence more.
 */
int pmd_free_pte_page(pmd_t *pmd, unsigned long addr)
{
	pte_t *table = (pte_t *)pmd_page_vaddr(*pmd);

	pmd_clear(pmd);
	flush_tlb_all();
	pte_free_kernel(&init_mm, table);
	return 1;
}
#endif

/* Other CPUs do not look at an entry before they were told of it */
void __set_fixmap(enum fixed_addresses idx, phys_addr_t phys, pgprot_t prot)
{
	unsigned long addr = __fix_to_virt(idx);
	pte_t *pte = virt_to_kpte(addr);

	BUG_ON(idx >= __end_of_fixed_addresses || !pte);
	if (pgprot_val(prot))
		set_pte(pte, pfn_pte(PHYS_PFN(phys), prot));
	else
		pte_clear(&init_mm, addr, pte);
	flush_tlb_one_kernel(addr);
}
