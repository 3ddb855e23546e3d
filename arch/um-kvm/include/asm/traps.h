/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exceptions: the C side of the gates in entry/entry_64.S.  Each handler is
 * entered with interrupts off and leaves the same way; unless said otherwise
 * it lives in kernel/traps.c.
 */
#ifndef _ASM_UM_KVM_TRAPS_H
#define _ASM_UM_KVM_TRAPS_H

#include <linux/init.h>
#include <linux/linkage.h>
#include <asm/ptrace.h>
#include <asm/trap_pf.h>
#include <asm/trapnr.h>

/* @error means something only where the CPU pushes one */
#define DECLARE_EXCEPTION(name)	\
	asmlinkage void exc_##name(struct pt_regs *regs, unsigned long error)

DECLARE_EXCEPTION(divide_error);
DECLARE_EXCEPTION(overflow);
DECLARE_EXCEPTION(bounds);
DECLARE_EXCEPTION(device_not_available);
DECLARE_EXCEPTION(coproc_segment_overrun);
DECLARE_EXCEPTION(coprocessor_error);
DECLARE_EXCEPTION(simd_error);
DECLARE_EXCEPTION(unknown);
DECLARE_EXCEPTION(invalid_tss);
DECLARE_EXCEPTION(segment_not_present);
DECLARE_EXCEPTION(stack_segment);
DECLARE_EXCEPTION(general_protection);
DECLARE_EXCEPTION(alignment_check);
asmlinkage void exc_int3(struct pt_regs *regs);
asmlinkage void exc_invalid_op(struct pt_regs *regs);
/* mm/fault.c; CR2 is read first thing */
asmlinkage void exc_page_fault(struct pt_regs *regs, unsigned long error);
/* kernel/irq.c; the vector stands where an error code would */
asmlinkage void common_interrupt(struct pt_regs *regs, unsigned long vector);

/* On stacks of their own (IST), from anywhere: kernel/traps_ist.c */
asmlinkage void exc_debug_kernel(struct pt_regs *regs);
asmlinkage void exc_debug_user(struct pt_regs *regs);
asmlinkage void exc_nmi(struct pt_regs *regs);
/* mm/fault_oops.c: false if @addr is not in the guard page of this stack */
bool show_stack_overflow(unsigned long addr);
asmlinkage void exc_double_fault(struct pt_regs *regs, unsigned long error);
asmlinkage void exc_machine_check(struct pt_regs *regs);

asmlinkage struct pt_regs *fixup_bad_iret(struct pt_regs *bad);
asmlinkage struct pt_regs *move_to_task_stack(struct pt_regs *regs);

/* arch/x86/kernel/kprobes/core.c: true if a probe is why */
int kprobe_int3_handler(struct pt_regs *regs);

/* kernel/descriptors.c: fills the IDT; before any exception may come */
void __init idt_init(void);

static inline void cond_local_irq_enable(struct pt_regs *regs)
{
	if (regs->flags & X86_EFLAGS_IF)
		local_irq_enable();
}

static inline void cond_local_irq_disable(struct pt_regs *regs)
{
	if (regs->flags & X86_EFLAGS_IF)
		local_irq_disable();
}

#endif
