/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bits of page table entries are those of arch/x86, by reference.  This
 * header stands in front of that one, for every file that includes it, and
 * settles what the machine decides differently: memory is never encrypted,
 * all of it is write-back RAM, and each CPU has NX and global pages.
 */
#ifndef _ASM_UM_KVM_PGTABLE_TYPES_H
#define _ASM_UM_KVM_PGTABLE_TYPES_H

/* drivers/char/mem.c has a static one, arch/x86 declares its own */
#define phys_mem_access_prot		x86_phys_mem_access_prot
#include_next <asm/pgtable_types.h>
#undef phys_mem_access_prot

/* No encryption; no PAT set-up and no memory that would need one */
#undef __HAVE_PFNMAP_TRACKING
#undef __HAVE_PHYS_MEM_ACCESS_PROT
#undef _PAGE_CC
#undef _PAGE_ENC
#undef _PAGE_NOCACHE
#undef _PAGE_CACHE_WP
#define _PAGE_CC			_AT(pteval_t, 0)
#define _PAGE_ENC			_AT(pteval_t, 0)
#define _PAGE_NOCACHE			_AT(pteval_t, 0)
#define _PAGE_CACHE_WP			_AT(pteval_t, 0)
#undef pgprot_writecombine
#undef pgprot_writethrough
#define pgprot_writecombine(prot)	(prot)
#define pgprot_writethrough(prot)	(prot)

/* NX and PGE are required: PAGE_KERNEL and its kin are constants */
#undef __pgprot_mask
#define __pgprot_mask(x)		__pgprot(x)

/* mm/init.c makes all top-level entries of the kernel's half at boot */
#undef ARCH_PAGE_TABLE_SYNC_MASK
#define ARCH_PAGE_TABLE_SYNC_MASK	0

#endif /* _ASM_UM_KVM_PGTABLE_TYPES_H */
