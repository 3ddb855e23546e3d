/* SPDX-License-Identifier: GPL-2.0 */
/* What an address space has beyond struct mm_struct */
#ifndef _ASM_UM_KVM_MMU_H
#define _ASM_UM_KVM_MMU_H

#include <linux/atomic.h>
#include <linux/types.h>

struct vdso_image;

/*
 * mm_context_t
 * @ctx_id:	never used twice, never 0: an mm that is freed and allocated
 *		again at the same address is not mistaken for the old one
 * @tlb_gen:	goes up by one with each change that needs a TLB flush, after
 *		the page tables were written and before the flush
 * @vdso, @vdso_image: as arch/x86/entry/vdso/vma.c mapped it
 * @pkey_allocation_map: bit per protection key; under mmap_lock
 * @execute_only_pkey: the one that PROT_EXEC alone uses, or -1
 */
typedef struct {
	u64			ctx_id;
	atomic64_t		tlb_gen;
	void __user		*vdso;
	const struct vdso_image	*vdso_image;
	u16			pkey_allocation_map;
	s16			execute_only_pkey;
} mm_context_t;

#define INIT_MM_CONTEXT(mm)	.context = { .ctx_id = 1 },

/* Leaves a user mm that a kernel thread uses lazily, for init_mm */
void leave_mm(void);
#define leave_mm leave_mm

#endif /* _ASM_UM_KVM_MMU_H */
