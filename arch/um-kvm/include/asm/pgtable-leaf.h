/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Leaf entries: what a pte says, a pte with something changed, swap entries,
 * and the same for a 2 MiB page.  No function here writes to a page table.
 * For asm/pgtable.h only.
 *
 * An entry that is not zero and not present keeps its frame number inverted
 * (asm/pgtable-invert.h of arch/x86, by reference): a CPU with the L1 terminal
 * fault flaw speculates through such an entry as if it were present, and
 * takes what it finds for a host physical address.
 *
 * Shadow stacks are not supported, so that a clean distinction between
 * "dirty" and "writable" needs no software bit as it does in arch/x86.
 */
#ifndef _ASM_UM_KVM_PGTABLE_LEAF_H
#define _ASM_UM_KVM_PGTABLE_LEAF_H

#include <asm/pgtable-invert.h>

#define PFN_PTE_SHIFT	PAGE_SHIFT

static inline int pte_none(pte_t pte)
{
	return !(pte_val(pte) & ~_PAGE_KNL_ERRATUM_MASK);
}

static inline int pte_present(pte_t pte)
{
	return pte_flags(pte) & (_PAGE_PRESENT | _PAGE_PROTNONE);
}

/* May some TLB hold it?  PROT_NONE may while a flush is on its way */
#define pte_accessible pte_accessible
static inline bool pte_accessible(struct mm_struct *mm, pte_t pte)
{
	if (pte_flags(pte) & _PAGE_PRESENT)
		return true;

	return (pte_flags(pte) & _PAGE_PROTNONE) &&
	       atomic_read(&mm->tlb_flush_pending);
}

static inline pte_t pte_set_flags(pte_t pte, pteval_t set)
{
	return __pte(pte_val(pte) | set);
}

static inline pte_t pte_clear_flags(pte_t pte, pteval_t clear)
{
	return __pte(pte_val(pte) & ~clear);
}

/* Three functions of one flag of a pte: is it set, with it, without it */
#define PTE_BIT(flag, is_set, set, clear)				\
static inline int is_set(pte_t pte)					\
{									\
	return pte_flags(pte) & (flag);					\
}									\
static inline pte_t set(pte_t pte)					\
{									\
	return pte_set_flags(pte, flag);				\
}									\
static inline pte_t clear(pte_t pte)					\
{									\
	return pte_clear_flags(pte, flag);				\
}

PTE_BIT(_PAGE_ACCESSED, pte_young, pte_mkyoung, pte_mkold)
PTE_BIT(_PAGE_RW, pte_write, pte_mkwrite_novma, pte_wrprotect)

static inline bool pte_dirty(pte_t pte)
{
	return pte_flags(pte) & _PAGE_DIRTY;
}

static inline int pte_exec(pte_t pte)
{
	return !(pte_flags(pte) & _PAGE_NX);
}

static inline int pte_special(pte_t pte)
{
	return pte_flags(pte) & _PAGE_SPECIAL;
}

static inline int pte_huge(pte_t pte)
{
	return pte_flags(pte) & _PAGE_PSE;
}

#define __HAVE_ARCH_PTE_SAME
static inline int pte_same(pte_t a, pte_t b)
{
	return pte_val(a) == pte_val(b);
}

static inline unsigned long pte_pfn(pte_t pte)
{
	pteval_t val = pte_val(pte);

	return ((val ^ protnone_mask(val)) & PTE_PFN_MASK) >> PAGE_SHIFT;
}

#define pte_page(pte)		pfn_to_page(pte_pfn(pte))
#define pte_pgprot(pte)		__pgprot(pte_flags(pte))

static inline pte_t pfn_pte(unsigned long pfn, pgprot_t prot)
{
	pteval_t val = (pteval_t)pfn << PAGE_SHIFT;

	val ^= protnone_mask(pgprot_val(prot));
	return __pte((val & PTE_PFN_MASK) | pgprot_val(prot));
}

#define mk_pte(page, prot)	pfn_pte(page_to_pfn(page), prot)

#define pte_advance_pfn pte_advance_pfn
static inline pte_t pte_advance_pfn(pte_t pte, unsigned long nr)
{
	pteval_t step = (pteval_t)nr << PFN_PTE_SHIFT;

	if (__pte_needs_invert(pte_val(pte)))
		return __pte(pte_val(pte) - step);
	return __pte(pte_val(pte) + step);
}

static inline pte_t pte_mkclean(pte_t pte)
{
	return pte_clear_flags(pte, _PAGE_DIRTY);
}

static inline pte_t pte_mkdirty(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_DIRTY | _PAGE_SOFT_DIRTY);
}

static inline pte_t pte_mkexec(pte_t pte)
{
	return pte_clear_flags(pte, _PAGE_NX);
}

static inline pte_t pte_mkspecial(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_SPECIAL);
}

static inline pte_t pte_mkhuge(pte_t pte)
{
	return pte_set_flags(pte, _PAGE_PSE);
}

/* The frame changes its inversion if the entry changes its presence */
static inline pte_t pte_modify(pte_t pte, pgprot_t prot)
{
	pteval_t old = pte_val(pte);
	pteval_t new = (old & _PAGE_CHG_MASK) |
		       (pgprot_val(prot) & ~_PAGE_CHG_MASK);

	return __pte(flip_protnone_guard(old, new, PTE_PFN_MASK));
}

/* 2 MiB pages: the flags are where they are in a pte, but for PAT */

static inline pte_t pmd_pte(pmd_t pmd)
{
	return __pte(pmd_val(pmd));
}

static inline pmd_t pte_pmd(pte_t pte)
{
	return __pmd(pte_val(pte));
}

static inline int pmd_none(pmd_t pmd)
{
	return !(pmd_val(pmd) & ~_PAGE_KNL_ERRATUM_MASK);
}

/* A page that is being split is not present for a moment, but still PSE */
static inline int pmd_present(pmd_t pmd)
{
	return pmd_flags(pmd) & (_PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_PSE);
}

#define pmd_leaf pmd_leaf
static inline bool pmd_leaf(pmd_t pmd)
{
	return pmd_flags(pmd) & _PAGE_PSE;
}

static inline unsigned long pmd_pfn(pmd_t pmd)
{
	pmdval_t val = pmd_val(pmd);

	return ((val ^ protnone_mask(val)) & pmd_pfn_mask(pmd)) >> PAGE_SHIFT;
}

#define pmd_page(pmd)		pfn_to_page(pmd_pfn(pmd))
#define pmd_pgprot(pmd)		__pgprot(pmd_flags(pmd))

static inline pmd_t pfn_pmd(unsigned long pfn, pgprot_t prot)
{
	pmdval_t val = (pmdval_t)pfn << PAGE_SHIFT;

	val ^= protnone_mask(pgprot_val(prot));
	return __pmd((val & PHYSICAL_PMD_PAGE_MASK) | pgprot_val(prot));
}

#define mk_pmd(page, prot)	pfn_pmd(page_to_pfn(page), prot)

#define pmd_dirty(pmd)		pte_dirty(pmd_pte(pmd))
#define pmd_young(pmd)		pte_young(pmd_pte(pmd))
#define pmd_write(pmd)		pte_write(pmd_pte(pmd))
#define pmd_mkclean(pmd)	pte_pmd(pte_mkclean(pmd_pte(pmd)))
#define pmd_mkdirty(pmd)	pte_pmd(pte_mkdirty(pmd_pte(pmd)))
#define pmd_mkold(pmd)		pte_pmd(pte_mkold(pmd_pte(pmd)))
#define pmd_mkyoung(pmd)	pte_pmd(pte_mkyoung(pmd_pte(pmd)))
#define pmd_wrprotect(pmd)	pte_pmd(pte_wrprotect(pmd_pte(pmd)))
#define pmd_mkwrite_novma(pmd)	pte_pmd(pte_mkwrite_novma(pmd_pte(pmd)))
#define pmd_mkhuge(pmd)		pte_pmd(pte_mkhuge(pmd_pte(pmd)))

static inline pmd_t pmd_mkinvalid(pmd_t pmd)
{
	return pfn_pmd(pmd_pfn(pmd), __pgprot(pmd_flags(pmd) &
		       ~(_PAGE_PRESENT | _PAGE_PROTNONE)));
}

static inline pmd_t pmd_modify(pmd_t pmd, pgprot_t prot)
{
	pmdval_t old = pmd_val(pmd);
	pmdval_t new = (old & _HPAGE_CHG_MASK) |
		       (pgprot_val(prot) & ~_HPAGE_CHG_MASK);

	return __pmd(flip_protnone_guard(old, new, PHYSICAL_PMD_PAGE_MASK));
}

#ifdef CONFIG_TRANSPARENT_HUGEPAGE
static inline int pmd_trans_huge(pmd_t pmd)
{
	return pmd_leaf(pmd);
}
#endif

#include <asm/pgtable-track.h>

/*
 * Lockless walkers and GUP ask whether user mode could do the access itself,
 * protection key included.  The three bits and the key are the same in an
 * entry of any level.
 */
static inline bool __pkru_allows_pkey(u16 pkey, bool write)
{
	u32 pkru = read_pkru();

	return __pkru_allows_read(pkru, pkey) &&
	       (!write || __pkru_allows_write(pkru, pkey));
}

static inline bool leaf_access_permitted(unsigned long val, bool write)
{
	unsigned long need = _PAGE_PRESENT | _PAGE_USER;
	u16 pkey = (val & _PAGE_PKEY_MASK) >> _PAGE_BIT_PKEY_BIT0;

	if (write)
		need |= _PAGE_RW;

	return (val & need) == need && __pkru_allows_pkey(pkey, write);
}

#define pte_access_permitted(pte, write) \
	leaf_access_permitted(pte_val(pte), write)
#define pmd_access_permitted(pmd, write) \
	leaf_access_permitted(pmd_val(pmd), write)
#define pud_access_permitted(pud, write) \
	leaf_access_permitted(pud_val(pud), write)

#endif /* _ASM_UM_KVM_PGTABLE_LEAF_H */
