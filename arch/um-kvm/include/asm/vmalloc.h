/* SPDX-License-Identifier: GPL-2.0 */
/* Which page sizes vmap() may use: mm/set_memory.c can split 2 MiB, not more */
#ifndef _ASM_UM_KVM_VMALLOC_H
#define _ASM_UM_KVM_VMALLOC_H

#include <asm/page.h>

#ifdef CONFIG_HAVE_ARCH_HUGE_VMAP
#define arch_vmap_pmd_supported arch_vmap_pmd_supported
static inline bool arch_vmap_pmd_supported(pgprot_t prot)
{
	return true;
}
#endif

#endif /* _ASM_UM_KVM_VMALLOC_H */
