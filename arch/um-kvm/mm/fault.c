// SPDX-License-Identifier: GPL-2.0
/*
 * Page faults.  Signals, their codes and what a signal frame says about the
 * fault (CR2, trap number, error code) are exactly those of arch/x86, because
 * programs read them.  The words of an oops are in mm/fault_oops.c.
 *
 * No fault on a kernel address is there to be repaired by a mapping: all
 * top-level entries exist from boot on (mm/init.c).  It is a stale TLB entry
 * while permissions grow, an access that has a fixup, or a bug.
 */
#include <linux/entry-common.h>
#include <linux/extable.h>
#include <linux/hugetlb.h>
#include <linux/kfence.h>
#include <linux/kprobes.h>
#include <linux/kvm_para.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/perf_event.h>
#include <linux/pkeys.h>
#include <linux/ratelimit.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <asm/traps.h>
#include "fault.h"

int show_unhandled_signals = 1;

/*
 * The kernel touched what it may not: on to the fixup, if there is one.  KFENCE
 * reports what touches its pages, and makes them present.
 */
static void fixup_or_oops(const struct fault *fault)
{
	if (fixup_exception(fault->regs, X86_TRAP_PF, fault->error, fault->addr))
		return;
	if (!(fault->error & X86_PF_PROT) &&
	    kfence_handle_page_fault(fault->addr, fault->error & X86_PF_WRITE,
				     fault->regs))
		return;
	fault_oops(fault);
}

static void show_signal(const struct fault *fault)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);
	const char *level = task_pid_nr(current) > 1 ? KERN_INFO : KERN_EMERG;
	struct pt_regs *regs = fault->regs;

	if (!show_unhandled_signals || !unhandled_signal(current, SIGSEGV) ||
	    !__ratelimit(&limit))
		return;

	printk("%s%s[%d]: segfault at %lx ip %px sp %px error %lx", level,
	       current->comm, task_pid_nr(current), fault->addr,
	       (void *)regs->ip, (void *)regs->sp, fault->error);
	print_vma_addr(KERN_CONT " in ", regs->ip);
	printk(KERN_CONT " likely on CPU %d\n", raw_smp_processor_id());
}

/* What ucontext will tell about the fault */
static void set_signal_context(struct fault *fault)
{
	struct thread_struct *thread = &current->thread;

	thread->trap_nr = X86_TRAP_PF;
	thread->error_code = fault->error | X86_PF_USER;
	thread->cr2 = fault->addr;
}

/* Whether a kernel address is mapped is nobody's business: each looks so */
static void hide_kernel_layout(struct fault *fault)
{
	if (fault->addr >= TASK_SIZE_MAX)
		fault->error |= X86_PF_PROT;
}

/* No lock is held, interrupts may be off */
static void bad_area(struct fault *fault, int si_code, u32 pkey)
{
	void __user *addr = (void __user *)fault->addr;

	if (!user_mode(fault->regs)) {
		fixup_or_oops(fault);
		return;
	}

	/* the CPU itself, say in a descriptor table, on behalf of a program */
	if (!(fault->error & X86_PF_USER)) {
		fault_oops(fault);
		return;
	}

	local_irq_enable();
	hide_kernel_layout(fault);
	show_signal(fault);
	set_signal_context(fault);
	if (si_code == SEGV_PKUERR)
		force_sig_pkuerr(addr, pkey);
	else
		force_sig_fault(SIGSEGV, si_code, addr);
}

static bool pkey_denies(const struct fault *fault, struct vm_area_struct *vma)
{
	return (fault->error & X86_PF_PK) ||
	       !arch_vma_access_permitted(vma, fault->error & X86_PF_WRITE,
					  fault->error & X86_PF_INSTR, false);
}

/*
 * Would it help to handle this fault?  A key that forbids the access is
 * looked at here as well, lest a page be brought in only to fault again.
 */
static bool access_denied(const struct fault *fault,
			  struct vm_area_struct *vma)
{
	if (pkey_denies(fault, vma))
		return true;
	if (fault->error & X86_PF_WRITE)
		return !(vma->vm_flags & VM_WRITE);

	/* a read of a page that is there, or of one that must not be */
	return (fault->error & X86_PF_PROT) || !vma_is_accessible(vma);
}

/*
 * @mm: its mmap_lock is held, or NULL: the lock of @vma is.  The key is the
 * vma's of now; if another thread has just changed it, it need not be the
 * one that the CPU saw.
 */
static void bad_access(struct fault *fault, struct mm_struct *mm,
		       struct vm_area_struct *vma)
{
	bool pkuerr = pkey_denies(fault, vma);
	u32 pkey = pkuerr ? vma_pkey(vma) : 0;

	if (mm)
		mmap_read_unlock(mm);
	else
		vma_end_read(vma);

	bad_area(fault, pkuerr ? SEGV_PKUERR : SEGV_ACCERR, pkey);
}

static void send_sigbus(struct fault *fault, vm_fault_t result)
{
	void __user *addr = (void __user *)fault->addr;
	short lsb = PAGE_SHIFT;

	if (!user_mode(fault->regs)) {
		fixup_or_oops(fault);
		return;
	}

	hide_kernel_layout(fault);
	set_signal_context(fault);
	if (!(result & (VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE))) {
		force_sig_fault(SIGBUS, BUS_ADRERR, addr);
		return;
	}

	if (result & VM_FAULT_HWPOISON_LARGE)
		lsb = hstate_index_to_shift(VM_FAULT_GET_HINDEX(result));
	/* no message: only UFFDIO_POISON does this here, and a program is free to */
	force_sig_mceerr(BUS_MCEERR_AR, addr, lsb);
}

/* All locks are released; does the access fail for good? */
static void conclude(struct fault *fault, vm_fault_t result)
{
	if (likely(!(result & VM_FAULT_ERROR)))
		return;

	if (!user_mode(fault->regs) && fatal_signal_pending(current)) {
		fixup_or_oops(fault);
	} else if (result & VM_FAULT_OOM) {
		/* the OOM killer may make room, then the program tries again */
		if (user_mode(fault->regs))
			pagefault_out_of_memory();
		else
			fixup_or_oops(fault);
	} else if (result & (VM_FAULT_SIGBUS | VM_FAULT_HWPOISON |
			     VM_FAULT_HWPOISON_LARGE)) {
		send_sigbus(fault, result);
	} else if (result & VM_FAULT_SIGSEGV) {
		bad_area(fault, SEGV_MAPERR, 0);
	} else {
		BUG();
	}
}

/*
 * The common case: a program, a vma that nobody changes.  Returns false if
 * the fault has to be tried again with mmap_lock.
 */
static bool try_vma_lock(struct fault *fault, struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	vm_fault_t result;

	if (!(fault->flags & FAULT_FLAG_USER))
		return false;
	vma = lock_vma_under_rcu(mm, fault->addr);
	if (!vma)
		return false;

	if (unlikely(access_denied(fault, vma))) {
		bad_access(fault, NULL, vma);
		count_vm_vma_lock_event(VMA_LOCK_SUCCESS);
		return true;
	}

	result = handle_mm_fault(vma, fault->addr,
				 fault->flags | FAULT_FLAG_VMA_LOCK,
				 fault->regs);
	if (!(result & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)))
		vma_end_read(vma);
	if (!(result & VM_FAULT_RETRY)) {
		count_vm_vma_lock_event(VMA_LOCK_SUCCESS);
		conclude(fault, result);
		return true;
	}

	count_vm_vma_lock_event(VMA_LOCK_RETRY);
	if (result & VM_FAULT_MAJOR)
		fault->flags |= FAULT_FLAG_TRIED;

	return fault_signal_pending(result, fault->regs);
}

static void with_mmap_lock(struct fault *fault, struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	vm_fault_t result;

	for (;;) {
		vma = lock_mm_and_find_vma(mm, fault->addr, fault->regs);
		if (unlikely(!vma)) {
			bad_area(fault, SEGV_MAPERR, 0);
			return;
		}
		if (unlikely(access_denied(fault, vma))) {
			bad_access(fault, mm, vma);
			return;
		}

		result = handle_mm_fault(vma, fault->addr, fault->flags,
					 fault->regs);
		/* in this and the next two cases mmap_lock is released */
		if (fault_signal_pending(result, fault->regs)) {
			if (!user_mode(fault->regs))
				fixup_or_oops(fault);
			return;
		}
		if (result & VM_FAULT_COMPLETED)
			return;
		if (likely(!(result & VM_FAULT_RETRY)))
			break;
		fault->flags |= FAULT_FLAG_TRIED;
	}

	mmap_read_unlock(mm);
	conclude(fault, result);
}

/*
 * Accesses that no vma makes good: the kernel executing user memory (SMEP),
 * or touching it outside of a user access (SMAP).
 */
static bool kernel_misuse(const struct fault *fault)
{
	if (fault->error & X86_PF_USER)
		return false;
	if (fault->error & X86_PF_INSTR)
		return true;

	return cpu_feature_enabled(X86_FEATURE_SMAP) &&
	       !(fault->regs->flags & X86_EFLAGS_AC);
}

static void user_address(struct fault *fault)
{
	struct mm_struct *mm = current->mm;
	struct pt_regs *regs = fault->regs;

	if (WARN_ON_ONCE(kprobe_page_fault(regs, X86_TRAP_PF)))
		return;

	if (unlikely((fault->error & X86_PF_RSVD) || kernel_misuse(fault))) {
		fault_oops(fault);
		return;
	}

	/* with interrupts off the access must be one that has a fixup */
	if (unlikely(faulthandler_disabled() || !mm ||
		     !(regs->flags & X86_EFLAGS_IF))) {
		bad_area(fault, SEGV_MAPERR, 0);
		return;
	}

	local_irq_enable();
	perf_sw_event(PERF_COUNT_SW_PAGE_FAULTS, 1, regs, fault->addr);

	fault->flags = FAULT_FLAG_DEFAULT;
	if (fault->error & X86_PF_WRITE)
		fault->flags |= FAULT_FLAG_WRITE;
	if (fault->error & X86_PF_INSTR)
		fault->flags |= FAULT_FLAG_INSTRUCTION;
	if (user_mode(regs))
		fault->flags |= FAULT_FLAG_USER;

	if (!try_vma_lock(fault, mm))
		with_mmap_lock(fault, mm);
}
NOKPROBE_SYMBOL(user_address);

/*
 * Another CPU has just allowed more, and this one's TLB does not know yet.
 * Leaf entries decide: those above them allow everything in the kernel.
 */
static bool stale_entry(const struct fault *fault)
{
	unsigned int level;
	pte_t *pte;

	if (fault->error != (X86_PF_WRITE | X86_PF_PROT) &&
	    fault->error != (X86_PF_INSTR | X86_PF_PROT))
		return false;

	pte = lookup_address(fault->addr, &level);
	if (!pte || !(pte_flags(*pte) & _PAGE_PRESENT))
		return false;

	return fault->error & X86_PF_WRITE ? pte_write(*pte) : pte_exec(*pte);
}
NOKPROBE_SYMBOL(stale_entry);

static void kernel_address(struct fault *fault)
{
	if (stale_entry(fault))
		return;
	if (WARN_ON_ONCE(kprobe_page_fault(fault->regs, X86_TRAP_PF)))
		return;

	bad_area(fault, SEGV_MAPERR, 0);
}
NOKPROBE_SYMBOL(kernel_address);

/* CR2 first: the next fault, even one in an NMI, overwrites it */
asmlinkage noinstr void exc_page_fault(struct pt_regs *regs,
				       unsigned long error)
{
	struct fault fault = {
		.regs	= regs,
		.error	= error,
		.addr	= read_cr2(),
	};
	irqentry_state_t state;

	if (kvm_handle_async_pf(regs, fault.addr))
		return;

	state = irqentry_enter(regs);
	instrumentation_begin();
	if (unlikely(fault.addr >= TASK_SIZE_MAX))
		kernel_address(&fault);
	else
		user_address(&fault);
	local_irq_disable();
	instrumentation_end();

	irqentry_exit(regs, state);
}
