// SPDX-License-Identifier: GPL-2.0
/*
 * What each CPU's TLB may hold, and how stale entries leave it.
 *
 * Each change of an mm's page tables has a number, mm->context.tlb_gen.  Each
 * CPU knows up to which number its entries of an mm are right (struct
 * tlb_context).  Who changes page tables writes them, takes a new number, then
 * interrupts the CPUs in mm_cpumask().  Whoever loads an mm sets its bit in
 * mm_cpumask(), then reads the number.  Both steps have a full barrier in the
 * middle (inc_mm_tlb_gen() and the locked instruction of cpumask_set_cpu()),
 * so a CPU is either interrupted or reads the new number and flushes itself.
 *
 * A kernel thread keeps the mm of the task before it, "lazily".  Such a CPU
 * is not interrupted; it compares numbers when a user thread of this mm comes
 * back.  The one exception is when page tables are about to be freed, which
 * the CPU could still walk speculatively: then it leaves the mm altogether.
 *
 * With PCID the CPU keeps the entries of the last TLB_NR_ASIDS mms, and
 * comparing numbers tells whether they are still good.  An mm that is not
 * loaded is never flushed, its number just falls behind.
 *
 * The kernel's half is the same in all tables and its entries are global:
 * writing CR3 does not drop them, INVLPG does for each PCID.
 *
 * membarrier() relies on a full barrier and a serialising instruction between
 * a change of rq->curr->mm and user mode: the write to CR3 is both.
 */
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/smp.h>
#include <asm/invpcid.h>
#include <asm/kvm_features.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>

/*
 * Up to so many pages are dropped one by one; then the refill of a whole TLB
 * is the lesser cost.  The same number as in arch/x86.
 */
#define FLUSH_CEILING	33

DEFINE_PER_CPU_ALIGNED(struct tlb_state, cpu_tlbstate) = {
	.loaded_mm	= &init_mm,
	.next_asid	= 1,
	.ctxs[0].ctx_id	= 1,	/* init_mm's */
};
EXPORT_PER_CPU_SYMBOL(cpu_tlbstate);

DEFINE_PER_CPU_SHARED_ALIGNED(struct tlb_state_shared, cpu_tlbstate_shared);

atomic64_t last_mm_ctx_id = ATOMIC64_INIT(1);

/*
 * struct tlb_flush - one request, to other CPUs or to this one
 * @mm:		whose entries; NULL is "of the mm you have, up to date"
 * @start, @end: or 0 and TLB_FLUSH_ALL
 * @gen:	the change that this request is about, 0 if there are many
 */
struct tlb_flush {
	struct mm_struct	*mm;
	unsigned long		start;
	unsigned long		end;
	unsigned int		stride_shift;
	u64			gen;
};

/* Of the loaded mm, all but global entries; writes back the same PCID */
static void flush_user(void)
{
	native_write_cr3(__native_read_cr3());
}

void __flush_tlb_all(void)
{
	unsigned long flags, cr4;

	if (cpu_feature_enabled(X86_FEATURE_INVPCID)) {
		invpcid_flush_all();
		return;
	}

	raw_local_irq_save(flags);
	cr4 = cr4_read_shadow();
	native_write_cr4(cr4 ^ X86_CR4_PGE);
	native_write_cr4(cr4);
	raw_local_irq_restore(flags);
}

void flush_tlb_one_kernel(unsigned long addr)
{
	invlpg(addr);
}

/*
 * The slot of @next's entries on this CPU, or one to recycle.  Returns true
 * if what the TLB holds in that slot is of no use.
 */
static bool choose_asid(struct mm_struct *next, u64 gen, u16 *asid)
{
	struct tlb_context *ctxs = this_cpu_ptr(cpu_tlbstate.ctxs);
	u16 i;

	*asid = 0;
	if (!this_cpu_read(cpu_tlbstate.pcid))
		return true;

	for (i = 0; i < TLB_NR_ASIDS; i++) {
		if (ctxs[i].ctx_id == next->context.ctx_id) {
			*asid = i;
			return ctxs[i].tlb_gen < gen;
		}
	}

	*asid = this_cpu_read(cpu_tlbstate.next_asid);
	this_cpu_write(cpu_tlbstate.next_asid, (*asid + 1) % TLB_NR_ASIDS);
	return true;
}

/*
 * Loads @mm's page tables.  The write to CR3 also orders the caller's read of
 * the generation before any walk of these tables.
 */
static void load_mm(struct mm_struct *mm, u64 gen, u16 asid, bool flush)
{
	struct tlb_context *ctx = this_cpu_ptr(&cpu_tlbstate.ctxs[asid]);
	unsigned long cr3 = __pa(mm->pgd);

	/* PCID 0 stays unused: it is what a plain CR3 means */
	if (this_cpu_read(cpu_tlbstate.pcid))
		cr3 |= asid + 1;

	if (flush) {
		ctx->ctx_id = mm->context.ctx_id;
		ctx->tlb_gen = gen;
	} else {
		cr3 |= CR3_NOFLUSH;
	}
	write_cr3(cr3);

	/* nmi_uaccess_okay() must not see the owner before its tables */
	barrier();
	this_cpu_write(cpu_tlbstate.asid, asid);
	this_cpu_write(cpu_tlbstate.loaded_mm, mm);
}

/* Back to a user thread of the mm that a kernel thread has kept */
static void leave_lazy(struct mm_struct *mm)
{
	u16 asid = this_cpu_read(cpu_tlbstate.asid);
	u64 gen;

	/* is_lazy is clear before we look; pairs with inc_mm_tlb_gen() */
	smp_mb();
	gen = atomic64_read(&mm->context.tlb_gen);
	if (this_cpu_read(cpu_tlbstate.ctxs[asid].tlb_gen) != gen)
		load_mm(mm, gen, asid, true);
}

/*
 * What CR3 holds is known from loaded_mm; the scheduler's idea of the
 * previous mm is not always it.
 */
void switch_mm_irqs_off(struct mm_struct *unused, struct mm_struct *next,
			struct task_struct *task)
{
	struct mm_struct *prev = this_cpu_read(cpu_tlbstate.loaded_mm);
	bool was_lazy = this_cpu_read(cpu_tlbstate_shared.is_lazy);
	unsigned int cpu = smp_processor_id();
	bool flush;
	u16 asid;
	u64 gen;

	if (was_lazy)
		this_cpu_write(cpu_tlbstate_shared.is_lazy, false);

	if (prev == next) {
		if (was_lazy)
			leave_lazy(next);
		return;
	}

	this_cpu_write(cpu_tlbstate.loaded_mm, LOADED_MM_SWITCHING);
	barrier();

	/* init_mm has nothing to flush, and a mask that all would write to */
	if (prev != &init_mm)
		cpumask_clear_cpu(cpu, mm_cpumask(prev));
	if (next != &init_mm)
		cpumask_set_cpu(cpu, mm_cpumask(next));

	gen = atomic64_read(&next->context.tlb_gen);
	flush = choose_asid(next, gen, &asid);
	load_mm(next, gen, asid, flush);
}

void switch_mm(struct mm_struct *prev, struct mm_struct *next,
	       struct task_struct *task)
{
	unsigned long flags;

	local_irq_save(flags);
	switch_mm_irqs_off(prev, next, task);
	local_irq_restore(flags);
}

void enter_lazy_tlb(struct mm_struct *mm, struct task_struct *task)
{
	if (this_cpu_read(cpu_tlbstate.loaded_mm) != &init_mm)
		this_cpu_write(cpu_tlbstate_shared.is_lazy, true);
}

void leave_mm(void)
{
	if (this_cpu_read(cpu_tlbstate.loaded_mm) != &init_mm)
		switch_mm(NULL, &init_mm, NULL);
}
EXPORT_SYMBOL_GPL(leave_mm);

void tlb_init_cpu(void)
{
	unsigned int i;

	/* PCIDE can be set only while CR3 has PCID 0, which it does here */
	if (cpu_feature_enabled(X86_FEATURE_PCID)) {
		cr4_set_bits(X86_CR4_PCIDE);
		this_cpu_write(cpu_tlbstate.pcid, true);
	}

	for (i = 0; i < TLB_NR_ASIDS; i++)
		this_cpu_write(cpu_tlbstate.ctxs[i].ctx_id, 0);
	__flush_tlb_all();
	load_mm(&init_mm, 0, 0, true);
}

/*
 * One change and the one right after what the TLB is good for: then, and only
 * then, dropping its range makes the TLB good for it.
 */
static bool range_suffices(const struct tlb_flush *flush, u64 tlb_gen, u64 gen)
{
	return flush->end != TLB_FLUSH_ALL && flush->gen == gen &&
	       flush->gen == tlb_gen + 1;
}

/* On this CPU, with interrupts off: so never amid switch_mm_irqs_off() */
static void flush_this_cpu(void *data)
{
	const struct tlb_flush *flush = data;
	struct mm_struct *mm = this_cpu_read(cpu_tlbstate.loaded_mm);
	u16 asid = this_cpu_read(cpu_tlbstate.asid);
	struct tlb_context *ctx = this_cpu_ptr(&cpu_tlbstate.ctxs[asid]);
	unsigned long addr;
	u64 gen;

	if (mm == &init_mm || (flush->mm && flush->mm != mm))
		return;

	if (this_cpu_read(cpu_tlbstate_shared.is_lazy)) {
		switch_mm_irqs_off(NULL, &init_mm, NULL);
		return;
	}

	/* an earlier request may have done more than it was asked for */
	if (flush->gen && flush->gen <= ctx->tlb_gen)
		return;
	gen = atomic64_read(&mm->context.tlb_gen);
	if (gen == ctx->tlb_gen)
		return;

	if (range_suffices(flush, ctx->tlb_gen, gen)) {
		for (addr = flush->start; addr < flush->end;
		     addr += 1UL << flush->stride_shift)
			invlpg(addr);
	} else {
		flush_user();
	}
	ctx->tlb_gen = gen;
}

/* Does @cpu, which was in mm_cpumask(), have to be interrupted? */
static bool cpu_needs_flush(int cpu, void *data)
{
	const struct tlb_flush *flush = data;
	struct mm_struct *mm = READ_ONCE(per_cpu(cpu_tlbstate.loaded_mm, cpu));

	/*
	 * Pairs with the order of stores in switch_mm_irqs_off(), is_lazy
	 * before loaded_mm: a new mm is never taken for a lazy one.
	 */
	smp_rmb();
	if (READ_ONCE(per_cpu(cpu_tlbstate_shared.is_lazy, cpu)))
		return false;

	return !flush->mm || mm == flush->mm || mm == LOADED_MM_SWITCHING;
}

static void flush_cpus(const struct cpumask *cpus, struct tlb_flush *flush,
		       bool freed_tables)
{
	cpus = kvm_flush_preempted(cpus);
	if (freed_tables)
		on_each_cpu_mask(cpus, flush_this_cpu, flush, true);
	else
		on_each_cpu_cond_mask(cpu_needs_flush, flush_this_cpu, flush,
				      true, cpus);
}

static void flush_locally(struct tlb_flush *flush)
{
	unsigned long flags;

	local_irq_save(flags);
	flush_this_cpu(flush);
	local_irq_restore(flags);
}

void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start,
			unsigned long end, unsigned int stride_shift,
			bool freed_tables)
{
	struct tlb_flush flush = {
		.mm		= mm,
		.start		= start,
		.end		= end,
		.stride_shift	= stride_shift,
	};
	int cpu = get_cpu();

	if ((end - start) >> stride_shift > FLUSH_CEILING) {
		flush.start = 0;
		flush.end = TLB_FLUSH_ALL;
	}

	flush.gen = inc_mm_tlb_gen(mm);
	if (cpumask_any_but(mm_cpumask(mm), cpu) < nr_cpu_ids)
		flush_cpus(mm_cpumask(mm), &flush, freed_tables);
	else if (this_cpu_read(cpu_tlbstate.loaded_mm) == mm)
		flush_locally(&flush);
	put_cpu();

	mmu_notifier_arch_invalidate_secondary_tlbs(mm, start, end);
}

/* arch_tlbbatch_add_pending() has taken the numbers and collected the CPUs */
void arch_tlbbatch_flush(struct arch_tlbflush_unmap_batch *batch)
{
	struct tlb_flush flush = { .end = TLB_FLUSH_ALL };
	int cpu = get_cpu();

	if (cpumask_any_but(&batch->cpumask, cpu) < nr_cpu_ids)
		flush_cpus(&batch->cpumask, &flush, false);
	else if (cpumask_test_cpu(cpu, &batch->cpumask))
		flush_locally(&flush);
	cpumask_clear(&batch->cpumask);
	put_cpu();
}

static void flush_all_this_cpu(void *unused)
{
	__flush_tlb_all();
}

void flush_tlb_all(void)
{
	on_each_cpu(flush_all_this_cpu, NULL, 1);
}

static void flush_kernel_this_cpu(void *data)
{
	const struct tlb_flush *flush = data;
	unsigned long addr;

	for (addr = flush->start; addr < flush->end; addr += PAGE_SIZE)
		invlpg(addr);
}

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	struct tlb_flush flush = { .start = start, .end = end };

	if (end - start > FLUSH_CEILING * PAGE_SIZE)
		flush_tlb_all();
	else
		on_each_cpu(flush_kernel_this_cpu, &flush, 1);
}

/*
 * An NMI may come between any two instructions, those of load_mm() included;
 * also while a kernel thread or text_poke() has another mm loaded.
 */
bool nmi_uaccess_okay(void)
{
	return this_cpu_read(cpu_tlbstate.loaded_mm) == current->mm;
}
