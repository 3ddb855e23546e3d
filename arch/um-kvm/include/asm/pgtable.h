/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page tables, as generic code sees them: four levels, walked by the CPU.
 * The format is in asm/pgtable_types.h; reading and building a leaf entry is
 * in asm/pgtable-leaf.h.  Here are the levels and the updates in place.
 *
 * The CPU sets Accessed and Dirty in a present entry at any time, so whoever
 * changes a user entry that another CPU may be using does it with one locked
 * instruction.  Those are the functions named ptep_*() and pmdp_*().
 */
#ifndef _ASM_UM_KVM_PGTABLE_H
#define _ASM_UM_KVM_PGTABLE_H

#include <asm/page.h>
#include <asm/pgtable_types.h>

#define KERNEL_PGD_BOUNDARY	pgd_index(PAGE_OFFSET)
#define KERNEL_PGD_PTRS		(PTRS_PER_PGD - KERNEL_PGD_BOUNDARY)

/* sys_x86_64.c of arch/x86: MAP_32BIT, MAP_ABOVE4G */
#define HAVE_ARCH_UNMAPPED_AREA
#define HAVE_ARCH_UNMAPPED_AREA_TOPDOWN

#ifndef __ASSEMBLY__

#include <linux/bitops.h>
#include <linux/mm_types.h>
#include <linux/mmdebug.h>
#include <linux/spinlock.h>
#include <asm/cmpxchg.h>
#include <asm/fixmap.h>
#include <asm/pkru.h>

/* The name under which debuggers and crash tools know it */
#define swapper_pg_dir		init_top_pgt
extern pgd_t init_top_pgt[PTRS_PER_PGD];

extern unsigned long empty_zero_page[PAGE_SIZE / sizeof(unsigned long)];
#define ZERO_PAGE(vaddr)	((void)(vaddr), virt_to_page(empty_zero_page))

#define vmemmap			((struct page *)VMEMMAP_START)

/*
 * Builds the kernel's own page tables and the zones.  setup_arch() calls it
 * once memblock knows all RAM and everything that is in use.
 */
void __init paging_init(void);

/* dump_pagetables.c of arch/x86: CONFIG_DEBUG_WX looks for W+X at boot */
struct seq_file;
void ptdump_walk_pgd_level(struct seq_file *m, struct mm_struct *mm);
void ptdump_walk_pgd_level_debugfs(struct seq_file *m, struct mm_struct *mm,
				   bool user);
void ptdump_walk_user_pgd_level_checkwx(void);
bool ptdump_walk_pgd_level_checkwx(void);
#define ptdump_check_wx ptdump_walk_pgd_level_checkwx

#define pte_val(x)		native_pte_val(x)
#define __pte(x)		native_make_pte(x)
#define pmd_val(x)		native_pmd_val(x)
#define __pmd(x)		native_make_pmd(x)
#define pud_val(x)		native_pud_val(x)
#define __pud(x)		native_make_pud(x)
#define pgd_val(x)		native_pgd_val(x)
#define __pgd(x)		native_make_pgd(x)

#define pte_ERROR(e)	pr_err("%s:%d: bad pte %016lx\n", __FILE__, __LINE__, pte_val(e))
#define pmd_ERROR(e)	pr_err("%s:%d: bad pmd %016lx\n", __FILE__, __LINE__, pmd_val(e))
#define pud_ERROR(e)	pr_err("%s:%d: bad pud %016lx\n", __FILE__, __LINE__, pud_val(e))
#define pgd_ERROR(e)	pr_err("%s:%d: bad pgd %016lx\n", __FILE__, __LINE__, pgd_val(e))

#include <asm/pgtable-leaf.h>

/* Nobody else can see the entry, or nobody cares about its A and D bits */
static inline void set_pte(pte_t *ptep, pte_t pte)
{
	WRITE_ONCE(*ptep, pte);
}

static inline void pte_clear(struct mm_struct *mm, unsigned long addr,
			     pte_t *ptep)
{
	set_pte(ptep, __pte(0));
}

static inline void set_pmd(pmd_t *pmdp, pmd_t pmd)
{
	WRITE_ONCE(*pmdp, pmd);
}

static inline void pmd_clear(pmd_t *pmdp)
{
	set_pmd(pmdp, __pmd(0));
}

static inline void set_pmd_at(struct mm_struct *mm, unsigned long addr,
			      pmd_t *pmdp, pmd_t pmd)
{
	set_pmd(pmdp, pmd);
}

static inline void set_pud(pud_t *pudp, pud_t pud)
{
	WRITE_ONCE(*pudp, pud);
}

static inline void pud_clear(pud_t *pudp)
{
	set_pud(pudp, __pud(0));
}

static inline void set_p4d(p4d_t *p4dp, p4d_t p4d)
{
	WRITE_ONCE(*p4dp, p4d);
}

static inline void p4d_clear(p4d_t *p4dp)
{
	set_p4d(p4dp, __p4d(0));
}

/* Entries that point to the next table */

static inline int pmd_bad(pmd_t pmd)
{
	return (pmd_flags(pmd) & ~(_PAGE_USER | _PAGE_ACCESSED)) !=
	       (_KERNPG_TABLE & ~_PAGE_ACCESSED);
}

static inline unsigned long pmd_page_vaddr(pmd_t pmd)
{
	return (unsigned long)__va(pmd_val(pmd) & pmd_pfn_mask(pmd));
}

static inline int pud_none(pud_t pud)
{
	return !(pud_val(pud) & ~_PAGE_KNL_ERRATUM_MASK);
}

static inline int pud_present(pud_t pud)
{
	return pud_flags(pud) & _PAGE_PRESENT;
}

#define pud_leaf pud_leaf
static inline bool pud_leaf(pud_t pud)
{
	return pud_val(pud) & _PAGE_PSE;
}

static inline int pud_bad(pud_t pud)
{
	return pud_flags(pud) & ~(_KERNPG_TABLE | _PAGE_USER);
}

#define pud_write pud_write
static inline int pud_write(pud_t pud)
{
	return pud_flags(pud) & _PAGE_RW;
}

#define pud_pfn pud_pfn
static inline unsigned long pud_pfn(pud_t pud)
{
	return (pud_val(pud) & pud_pfn_mask(pud)) >> PAGE_SHIFT;
}

#define pud_page(pud)		pfn_to_page(pud_pfn(pud))
#define pud_pgprot(pud)		__pgprot(pud_flags(pud))

static inline pmd_t *pud_pgtable(pud_t pud)
{
	return __va(pud_val(pud) & pud_pfn_mask(pud));
}

static inline int p4d_none(p4d_t p4d)
{
	return !(p4d_val(p4d) & ~_PAGE_KNL_ERRATUM_MASK);
}

static inline int p4d_present(p4d_t p4d)
{
	return p4d_flags(p4d) & _PAGE_PRESENT;
}

static inline int p4d_bad(p4d_t p4d)
{
	return p4d_flags(p4d) & ~(_KERNPG_TABLE | _PAGE_USER);
}

static inline pud_t *p4d_pgtable(p4d_t p4d)
{
	return __va(p4d_val(p4d) & p4d_pfn_mask(p4d));
}

#define p4d_page(p4d)	pfn_to_page((p4d_val(p4d) & p4d_pfn_mask(p4d)) >> PAGE_SHIFT)

/* Updates of a user entry that another CPU may be walking */

#define __HAVE_ARCH_PTEP_GET_AND_CLEAR
static inline pte_t ptep_get_and_clear(struct mm_struct *mm,
				       unsigned long addr, pte_t *ptep)
{
	return __pte(xchg(&ptep->pte, 0));
}

/* @full: the address space dies, no CPU has it loaded for user mode */
#define __HAVE_ARCH_PTEP_GET_AND_CLEAR_FULL
static inline pte_t ptep_get_and_clear_full(struct mm_struct *mm,
					    unsigned long addr, pte_t *ptep,
					    int full)
{
	pte_t pte;

	if (!full)
		return ptep_get_and_clear(mm, addr, ptep);

	pte = *ptep;
	pte_clear(mm, addr, ptep);
	return pte;
}

#define __HAVE_ARCH_PTEP_SET_WRPROTECT
static inline void ptep_set_wrprotect(struct mm_struct *mm, unsigned long addr,
				      pte_t *ptep)
{
	clear_bit(_PAGE_BIT_RW, &ptep->pte);
}

#define __HAVE_ARCH_PTEP_TEST_AND_CLEAR_YOUNG
static inline int ptep_test_and_clear_young(struct vm_area_struct *vma,
					    unsigned long addr, pte_t *ptep)
{
	return pte_young(*ptep) &&
	       test_and_clear_bit(_PAGE_BIT_ACCESSED, &ptep->pte);
}

/*
 * A stale Accessed bit in some TLB only makes a page look idle for a while;
 * a shootdown for each page that reclaim looks at costs far more.
 */
#define __HAVE_ARCH_PTEP_CLEAR_YOUNG_FLUSH
static inline int ptep_clear_flush_young(struct vm_area_struct *vma,
					 unsigned long addr, pte_t *ptep)
{
	return ptep_test_and_clear_young(vma, addr, ptep);
}

#define __HAVE_ARCH_PTEP_SET_ACCESS_FLAGS
int ptep_set_access_flags(struct vm_area_struct *vma, unsigned long addr,
			  pte_t *ptep, pte_t entry, int dirty);

#define __HAVE_ARCH_PMDP_HUGE_GET_AND_CLEAR
static inline pmd_t pmdp_huge_get_and_clear(struct mm_struct *mm,
					    unsigned long addr, pmd_t *pmdp)
{
	return __pmd(xchg(&pmdp->pmd, 0));
}

#define __HAVE_ARCH_PMDP_SET_WRPROTECT
static inline void pmdp_set_wrprotect(struct mm_struct *mm, unsigned long addr,
				      pmd_t *pmdp)
{
	clear_bit(_PAGE_BIT_RW, &pmdp->pmd);
}

#define __HAVE_ARCH_PMDP_TEST_AND_CLEAR_YOUNG
static inline int pmdp_test_and_clear_young(struct vm_area_struct *vma,
					    unsigned long addr, pmd_t *pmdp)
{
	return pmd_young(*pmdp) &&
	       test_and_clear_bit(_PAGE_BIT_ACCESSED, &pmdp->pmd);
}

#define pmdp_establish pmdp_establish
static inline pmd_t pmdp_establish(struct vm_area_struct *vma,
				   unsigned long addr, pmd_t *pmdp, pmd_t pmd)
{
	return __pmd(xchg(&pmdp->pmd, pmd_val(pmd)));
}

#ifdef CONFIG_TRANSPARENT_HUGEPAGE
#define __HAVE_ARCH_PMDP_SET_ACCESS_FLAGS
int pmdp_set_access_flags(struct vm_area_struct *vma, unsigned long addr,
			  pmd_t *pmdp, pmd_t entry, int dirty);

/* Unlike ptep_clear_flush_young(): one page of 2 MiB is worth a shootdown */
#define __HAVE_ARCH_PMDP_CLEAR_YOUNG_FLUSH
int pmdp_clear_flush_young(struct vm_area_struct *vma, unsigned long addr,
			   pmd_t *pmdp);
#endif

/* The CPU walks the tables again before it raises a fault */
#define flush_tlb_fix_spurious_fault flush_tlb_fix_spurious_fault
static inline void flush_tlb_fix_spurious_fault(struct vm_area_struct *vma,
						unsigned long addr,
						pte_t *ptep)
{
}

/* The page tables are all there is: nothing to keep in step with them */
static inline void update_mmu_cache_range(struct vm_fault *vmf,
					  struct vm_area_struct *vma,
					  unsigned long addr, pte_t *ptep,
					  unsigned int nr)
{
}

static inline void update_mmu_cache(struct vm_area_struct *vma,
				    unsigned long addr, pte_t *ptep)
{
}

static inline void update_mmu_cache_pmd(struct vm_area_struct *vma,
					unsigned long addr, pmd_t *pmdp)
{
}

/* Ends above the user's half would be walked in the kernel's tables */
#define gup_fast_permitted gup_fast_permitted
static inline bool gup_fast_permitted(unsigned long start, unsigned long end)
{
	return !(end >> __VIRTUAL_MASK_SHIFT);
}

/* fs/proc/kcore.c: file offsets are 47-bit */
#define kc_vaddr_to_offset(v)	((v) & __VIRTUAL_MASK)
#define kc_offset_to_vaddr(o)	((o) | ~__VIRTUAL_MASK)

#endif /* __ASSEMBLY__ */
#endif /* _ASM_UM_KVM_PGTABLE_H */
