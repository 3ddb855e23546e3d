/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest's page tables as the CPU reads them: four levels, pages of 4 KiB,
 * 2 MiB and 1 GiB (Intel SDM Vol. 3, 4.5).  They are the guest's: each entry is
 * read once, and a table is only found by guest_mem().
 */
#ifndef HOST_PGTABLE_H
#define HOST_PGTABLE_H

#include "util.h"

/* One entry maps 1 << shift bytes, from the top level down to a page. */
#define TOP_SHIFT	39
#define PAGE_SHIFT	12
#define LEVEL_BITS	9
#define ENTRIES		(1U << LEVEL_BITS)

#define PTE_PRESENT	0x001ULL
#define PTE_HUGE	0x080ULL
#define PTE_ADDR	0x000ffffffffff000ULL

/* This entry, which is present, leads to another table. */
static inline bool pte_is_table(u64 entry, unsigned int shift)
{
	return shift > PAGE_SHIFT && (shift == TOP_SHIFT || !(entry & PTE_HUGE));
}

/* Where the page begins that this entry maps. */
static inline u64 pte_gpa(u64 entry, unsigned int shift)
{
	return entry & PTE_ADDR & -(1ULL << shift);
}

#endif /* HOST_PGTABLE_H */
