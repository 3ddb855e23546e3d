/* SPDX-License-Identifier: GPL-2.0 */
/* TLB maintenance; the protocol is told in mm/tlb.c */
#ifndef _ASM_UM_KVM_TLBFLUSH_H
#define _ASM_UM_KVM_TLBFLUSH_H

#include <linux/mm_types.h>
#include <linux/mmu_notifier.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <asm/cpufeature.h>
#include <asm/pgtable.h>
#include <asm/processor.h>
#include <asm/smp.h>
#include <asm/special_insns.h>

#define TLB_FLUSH_ALL		(~0UL)

/* Address spaces that a CPU with PCID keeps in its TLB */
#define TLB_NR_ASIDS		6

/* Which state of which mm (mm_context_t) the entries of one ASID are from */
struct tlb_context {
	u64	ctx_id;
	u64	tlb_gen;
};

/*
 * struct tlb_state - what the TLB of this CPU may hold
 * @loaded_mm:	owner of the tables in CR3; LOADED_MM_SWITCHING while the two
 *		differ, which only an NMI and other CPUs can see
 * @asid:	index in @ctxs of what is loaded; the PCID is one more
 * @next_asid:	the slot to recycle next
 * @pcid:	PCID is on: tlb_init_cpu() has run on a CPU that has it
 * @ctxs:	without PCID only the first one is used
 */
struct tlb_state {
	struct mm_struct	*loaded_mm;
	u16			asid;
	u16			next_asid;
	bool			pcid;
	struct tlb_context	ctxs[TLB_NR_ASIDS];
};

#define LOADED_MM_SWITCHING	((struct mm_struct *)1UL)

DECLARE_PER_CPU_ALIGNED(struct tlb_state, cpu_tlbstate);

/*
 * struct tlb_state_shared - the part that CPUs read that want to flush
 * @is_lazy:	a kernel thread runs on @loaded_mm, which it does not use.
 *		The CPU looks for missed flushes before a user thread runs.
 */
struct tlb_state_shared {
	bool	is_lazy;
};

DECLARE_PER_CPU_SHARED_ALIGNED(struct tlb_state_shared, cpu_tlbstate_shared);

/*
 * On each CPU once its CR4 is complete and before it loads a user mm: turns
 * PCID on if there is one.  The CPU runs on the kernel's own page tables.
 */
void tlb_init_cpu(void);

/* This CPU: everything, global pages and all PCIDs included */
void __flush_tlb_all(void);
/* This CPU: one page of the kernel */
void flush_tlb_one_kernel(unsigned long addr);

/* All CPUs */
void flush_tlb_all(void);
void flush_tlb_kernel_range(unsigned long start, unsigned long end);

/*
 * All CPUs that use @mm.  @stride_shift: size of the pages in the range;
 * @freed_tables: page tables go away too, so lazy CPUs take part at once.
 */
void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start,
			unsigned long end, unsigned int stride_shift,
			bool freed_tables);

#define flush_tlb_mm(mm) flush_tlb_mm_range(mm, 0, TLB_FLUSH_ALL, 0, true)

#define flush_tlb_range(vma, start, end)				\
	flush_tlb_mm_range((vma)->vm_mm, start, end,			\
			   (vma)->vm_flags & VM_HUGETLB ?		\
			   huge_page_shift(hstate_vma(vma)) :		\
			   PAGE_SHIFT, true)

static inline void flush_tlb_page(struct vm_area_struct *vma,
				  unsigned long addr)
{
	flush_tlb_mm_range(vma->vm_mm, addr, addr + PAGE_SIZE, PAGE_SHIFT,
			   false);
}

/*
 * A new generation of @mm's page tables, which are written by now.  A full
 * barrier: the caller reads mm_cpumask() afterwards.  Pairs with
 * switch_mm_irqs_off(), which sets its bit and then reads the generation.
 */
static inline u64 inc_mm_tlb_gen(struct mm_struct *mm)
{
	return atomic64_inc_return(&mm->context.tlb_gen);
}

/* Reclaim: unmap many pages of many mms, then interrupt each CPU once */

static inline bool arch_tlbbatch_should_defer(struct mm_struct *mm)
{
	bool remote = cpumask_any_but(mm_cpumask(mm), get_cpu()) < nr_cpu_ids;

	put_cpu();
	return remote;
}

static inline void
arch_tlbbatch_add_pending(struct arch_tlbflush_unmap_batch *batch,
			  struct mm_struct *mm, unsigned long uaddr)
{
	inc_mm_tlb_gen(mm);
	cpumask_or(&batch->cpumask, &batch->cpumask, mm_cpumask(mm));
	mmu_notifier_arch_invalidate_secondary_tlbs(mm, 0, TLB_FLUSH_ALL);
}

static inline void arch_flush_tlb_batched_pending(struct mm_struct *mm)
{
	flush_tlb_mm(mm);
}

void arch_tlbbatch_flush(struct arch_tlbflush_unmap_batch *batch);

/*
 * Can a TLB do harm that still holds @old where memory says @new?  A right or a
 * mark (A, D) that it has and memory has not is harm, unless listed in @lazy.
 * One that it lacks is not: the CPU sets A and D in memory, and after a fault
 * it reads memory anew (Intel SDM Vol. 3, 4.10.4.1 and 4.10.4.3), so a page that
 * has become writable costs a fault on each CPU that knew it before, if it is
 * written there, and no interrupt.  Software bits never are.
 */
static inline bool entry_needs_flush(unsigned long old, unsigned long new,
				     unsigned long lazy)
{
	const unsigned long rights = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER |
				     _PAGE_ACCESSED | _PAGE_DIRTY;
	const unsigned long soft = _PAGE_SOFTW1 | _PAGE_SOFTW2 |
				   _PAGE_SOFTW3 | _PAGE_SOFTW4 |
				   _PAGE_SAVED_DIRTY;
	unsigned long changed = old ^ new;

	if (!(old & _PAGE_PRESENT))
		return false;
	if (changed & ~(rights | _PAGE_NX | soft))
		return true;

	return (changed & old & rights & ~lazy) || (changed & new & _PAGE_NX);
}

/* As ptep_clear_flush_young(): a page may look idle for a while */
#define pte_needs_flush(old, new) \
	entry_needs_flush(pte_val(old), pte_val(new), _PAGE_ACCESSED)
#define huge_pmd_needs_flush(old, new) \
	entry_needs_flush(pmd_val(old), pmd_val(new), 0)

/* May an NMI read user memory?  Not while CR3 is being changed. */
bool nmi_uaccess_okay(void);
#define nmi_uaccess_okay nmi_uaccess_okay

#endif /* _ASM_UM_KVM_TLBFLUSH_H */
