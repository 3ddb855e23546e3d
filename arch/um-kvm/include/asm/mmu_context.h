/* SPDX-License-Identifier: GPL-2.0 */
/* Life of an address space: made, duplicated, loaded, left; see mm/tlb.c */
#ifndef _ASM_UM_KVM_MMU_CONTEXT_H
#define _ASM_UM_KVM_MMU_CONTEXT_H

#include <linux/atomic.h>
#include <linux/mm_types.h>
#include <linux/pkeys.h>
#include <asm/tlbflush.h>

extern atomic64_t last_mm_ctx_id;

#define init_new_context init_new_context
static inline int init_new_context(struct task_struct *task,
				   struct mm_struct *mm)
{
	mm->context.ctx_id = atomic64_inc_return(&last_mm_ctx_id);
	atomic64_set(&mm->context.tlb_gen, 0);
	/* key 0 belongs to everybody, none is set aside for PROT_EXEC */
	mm->context.pkey_allocation_map = 1;
	mm->context.execute_only_pkey = -1;
	return 0;
}

static inline int arch_dup_mmap(struct mm_struct *oldmm, struct mm_struct *mm)
{
	mm->context.pkey_allocation_map = oldmm->context.pkey_allocation_map;
	mm->context.execute_only_pkey = oldmm->context.execute_only_pkey;
	return 0;
}

static inline void arch_exit_mmap(struct mm_struct *mm)
{
}

/*
 * Protection keys bind the thread that has them in its PKRU: not an
 * instruction fetch, and not an access to somebody else's memory.
 */
static inline bool arch_vma_access_permitted(struct vm_area_struct *vma,
					     bool write, bool execute,
					     bool foreign)
{
	if (execute || foreign || vma_is_foreign(vma))
		return true;

	return __pkru_allows_pkey(vma_pkey(vma), write);
}

/* uprobes ask; there are no 32-bit programs */
static inline bool is_64bit_mm(struct mm_struct *mm)
{
	return true;
}

void switch_mm(struct mm_struct *prev, struct mm_struct *next,
	       struct task_struct *task);
void switch_mm_irqs_off(struct mm_struct *prev, struct mm_struct *next,
			struct task_struct *task);
#define switch_mm_irqs_off switch_mm_irqs_off

void enter_lazy_tlb(struct mm_struct *mm, struct task_struct *task);
#define enter_lazy_tlb enter_lazy_tlb

#include <asm-generic/mmu_context.h>

#endif /* _ASM_UM_KVM_MMU_CONTEXT_H */
