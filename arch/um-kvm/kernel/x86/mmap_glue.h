/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before mmap.c of arch/x86, of which the layout of a process is
 * wanted.  Its guard against L1TF is renamed out of the way: the generic
 * pfn_modify_allowed() is the one in use.
 */
#include <linux/io.h>
#include <linux/pgtable.h>

#define pfn_modify_allowed	x86_pfn_modify_allowed

bool x86_pfn_modify_allowed(unsigned long pfn, pgprot_t prot);
int valid_phys_addr_range(phys_addr_t addr, size_t count);
int valid_mmap_phys_addr_range(unsigned long pfn, size_t count);

static inline u64 l1tf_pfn_limit(void)
{
	return U64_MAX;
}
