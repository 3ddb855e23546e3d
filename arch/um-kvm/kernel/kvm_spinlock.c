// SPDX-License-Identifier: GPL-2.0
/*
 * Spinlocks among vCPUs that the host may preempt.  A waiter halts after a
 * while and whoever releases the lock has it woken by KVM, so that a vCPU does
 * not spin away the time that the holder needs to run.  Where KVM cannot wake,
 * a lock goes to whoever runs and is first, not to the next in the queue, who
 * may be preempted.
 */
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/jump_label.h>
#include <linux/kvm_para.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <asm/kvm_features.h>
#include <asm/paravirt.h>

DEFINE_STATIC_KEY_FALSE(kvm_pv_spinlocks);
EXPORT_SYMBOL(kvm_pv_spinlocks);
EXPORT_SYMBOL(__pv_queued_spin_unlock);

/* asm/qspinlock.h: first come, first served, without a queue */
DEFINE_STATIC_KEY_FALSE(virt_spin_lock_key);
EXPORT_SYMBOL(virt_spin_lock_key);

/*
 * A kick ends the HLT although interrupts are off, and one that came before it
 * makes it end at once (KVM keeps it in pv_unhalted).  With interrupts on, STI
 * and HLT are one step for an interrupt.
 */
void pv_wait(u8 *ptr, u8 val)
{
	if (in_nmi())
		return;

	if (irqs_disabled()) {
		if (READ_ONCE(*ptr) == val)
			halt();
		return;
	}

	local_irq_disable();
	if (READ_ONCE(*ptr) == val)
		raw_safe_halt();
	else
		local_irq_enable();
}

void pv_kick(int cpu)
{
	kvm_hypercall2(KVM_HC_KICK_CPU, 0, cpu);
}

void __init kvm_spinlock_init(void)
{
	if (num_possible_cpus() == 1)
		return;
	if (kvm_para_has_feature(KVM_FEATURE_PV_UNHALT)) {
		__pv_init_lock_hash();
		static_branch_enable(&kvm_pv_spinlocks);
	} else if (!nopvspin) {
		static_branch_enable(&virt_spin_lock_key);
	}
}
