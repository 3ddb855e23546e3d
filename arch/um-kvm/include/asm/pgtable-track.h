/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Swap entries, and the software bits by which user space follows writes:
 * soft-dirty and userfaultfd write protection, for entries of both kinds.
 * For asm/pgtable-leaf.h only.
 *
 *	63      59 58            9  8 7 6 5 4  3   2   1  0
 *	|  type   |   ~offset     | 0 0 0 0 0 excl uffd sd  0 |
 *
 * Bit 0 (present), 7 (PSE) and 8 (PROT_NONE) tell a swap entry from the rest;
 * 5 and 6 (A, D) may be set by the CPU where an erratum applies, and are left
 * alone.  The offset is inverted for the same reason as a frame number.
 */
#ifndef _ASM_UM_KVM_PGTABLE_TRACK_H
#define _ASM_UM_KVM_PGTABLE_TRACK_H

#define SWP_TYPE_BITS		5
#define SWP_TYPE_FIRST_BIT	(64 - SWP_TYPE_BITS)
#define SWP_OFFSET_FIRST_BIT	(_PAGE_BIT_PROTNONE + 1)
#define SWP_OFFSET_LIMIT	(1UL << (SWP_TYPE_FIRST_BIT - SWP_OFFSET_FIRST_BIT))

#define MAX_SWAPFILES_CHECK() BUILD_BUG_ON(MAX_SWAPFILES_SHIFT > SWP_TYPE_BITS)

#define __swp_type(x)		((x).val >> SWP_TYPE_FIRST_BIT)
#define __swp_offset(x) \
	(~(x).val >> SWP_OFFSET_FIRST_BIT & (SWP_OFFSET_LIMIT - 1))
#define __swp_entry(type, offset) ((swp_entry_t) {			\
	(unsigned long)(type) << SWP_TYPE_FIRST_BIT |			\
	(~(unsigned long)(offset) & (SWP_OFFSET_LIMIT - 1)) <<		\
	SWP_OFFSET_FIRST_BIT })

#define __pte_to_swp_entry(pte)	((swp_entry_t) { pte_val(pte) })
#define __pmd_to_swp_entry(pmd)	((swp_entry_t) { pmd_val(pmd) })
#define __swp_entry_to_pte(x)	__pte((x).val)
#define __swp_entry_to_pmd(x)	__pmd((x).val)

PTE_BIT(_PAGE_SWP_EXCLUSIVE, pte_swp_exclusive, pte_swp_mkexclusive,
	pte_swp_clear_exclusive)
PTE_BIT(_PAGE_SOFT_DIRTY, pte_soft_dirty, pte_mksoft_dirty,
	pte_clear_soft_dirty)
PTE_BIT(_PAGE_SWP_SOFT_DIRTY, pte_swp_soft_dirty, pte_swp_mksoft_dirty,
	pte_swp_clear_soft_dirty)

#define pmd_soft_dirty(pmd)		pte_soft_dirty(pmd_pte(pmd))
#define pmd_mksoft_dirty(pmd)		pte_pmd(pte_mksoft_dirty(pmd_pte(pmd)))
#define pmd_clear_soft_dirty(pmd)	pte_pmd(pte_clear_soft_dirty(pmd_pte(pmd)))

#ifdef CONFIG_ARCH_ENABLE_THP_MIGRATION
#define pmd_swp_soft_dirty(pmd)		pte_swp_soft_dirty(pmd_pte(pmd))
#define pmd_swp_mksoft_dirty(pmd)	pte_pmd(pte_swp_mksoft_dirty(pmd_pte(pmd)))
#define pmd_swp_clear_soft_dirty(pmd)	pte_pmd(pte_swp_clear_soft_dirty(pmd_pte(pmd)))
#endif

#ifdef CONFIG_HAVE_ARCH_USERFAULTFD_WP
PTE_BIT(_PAGE_UFFD_WP, pte_uffd_wp, __pte_mkuffd_wp, pte_clear_uffd_wp)
PTE_BIT(_PAGE_SWP_UFFD_WP, pte_swp_uffd_wp, pte_swp_mkuffd_wp,
	pte_swp_clear_uffd_wp)

#define pte_mkuffd_wp(pte)		pte_wrprotect(__pte_mkuffd_wp(pte))
#define pmd_uffd_wp(pmd)		pte_uffd_wp(pmd_pte(pmd))
#define pmd_mkuffd_wp(pmd)		pte_pmd(pte_mkuffd_wp(pmd_pte(pmd)))
#define pmd_clear_uffd_wp(pmd)		pte_pmd(pte_clear_uffd_wp(pmd_pte(pmd)))
#define pmd_swp_uffd_wp(pmd)		pte_swp_uffd_wp(pmd_pte(pmd))
#define pmd_swp_mkuffd_wp(pmd)		pte_pmd(pte_swp_mkuffd_wp(pmd_pte(pmd)))
#define pmd_swp_clear_uffd_wp(pmd)	pte_pmd(pte_swp_clear_uffd_wp(pmd_pte(pmd)))
#endif

#include <asm-generic/pgtable_uffd.h>

#endif /* _ASM_UM_KVM_PGTABLE_TRACK_H */
