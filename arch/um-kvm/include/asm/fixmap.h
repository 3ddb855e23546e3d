/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual addresses that are known when the kernel is compiled, at the end of
 * the address space as in arch/x86.  mm/init.c makes the page table behind
 * them; __set_fixmap() fills one entry of it.
 */
#ifndef _ASM_UM_KVM_FIXMAP_H
#define _ASM_UM_KVM_FIXMAP_H

#include <asm/page.h>
#include <asm/pgtable_types.h>

#ifndef __ASSEMBLY__

enum fixed_addresses {
	FIX_HOLE,
	__end_of_fixed_addresses
};

/* Last page below the 2 MiB in which arch/x86 has its vsyscall page */
#define FIXADDR_TOP	0xffffffffff7ff000UL
#define FIXADDR_SIZE	(__end_of_fixed_addresses << PAGE_SHIFT)
#define FIXADDR_START	(FIXADDR_TOP - FIXADDR_SIZE)

void __set_fixmap(enum fixed_addresses idx, phys_addr_t phys, pgprot_t prot);

#include <asm-generic/fixmap.h>

#endif /* __ASSEMBLY__ */
#endif /* _ASM_UM_KVM_FIXMAP_H */
