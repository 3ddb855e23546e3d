/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What generic code asks of a guest under CONFIG_PARAVIRT: time that was stolen
 * and spinlocks that halt.  There are no pv_ops: each is a static key, or
 * nothing at all (kernel/kvm_steal.c, kernel/kvm_spinlock.c).
 */
#ifndef _ASM_UM_KVM_PARAVIRT_H
#define _ASM_UM_KVM_PARAVIRT_H

#include <linux/compiler.h>
#include <linux/jump_label.h>
#include <linux/types.h>
#include <asm/irqflags.h>

extern struct static_key paravirt_steal_enabled;
extern struct static_key paravirt_steal_rq_enabled;

/* Nanoseconds that @cpu was ready to run and the host ran something else */
u64 paravirt_steal_clock(int cpu);

static inline void paravirt_set_cap(void)
{
}

/* asm/irqflags.h of arch/x86 leaves these two out under CONFIG_PARAVIRT */
static __always_inline void arch_safe_halt(void)
{
	native_safe_halt();
}

static __always_inline void halt(void)
{
	native_halt();
}

#ifdef CONFIG_PARAVIRT_SPINLOCKS

struct qspinlock;

/* On from boot if KVM wakes a halted vCPU on request (KVM_FEATURE_PV_UNHALT) */
DECLARE_STATIC_KEY_FALSE(kvm_pv_spinlocks);

void native_queued_spin_lock_slowpath(struct qspinlock *lock, u32 val);
void __pv_queued_spin_lock_slowpath(struct qspinlock *lock, u32 val);
void __pv_queued_spin_unlock(struct qspinlock *lock);
static inline void native_queued_spin_unlock(struct qspinlock *lock);

static __always_inline void pv_queued_spin_lock_slowpath(struct qspinlock *lock,
							 u32 val)
{
	if (static_branch_unlikely(&kvm_pv_spinlocks))
		__pv_queued_spin_lock_slowpath(lock, val);
	else
		native_queued_spin_lock_slowpath(lock, val);
}

static __always_inline void pv_queued_spin_unlock(struct qspinlock *lock)
{
	if (static_branch_unlikely(&kvm_pv_spinlocks))
		__pv_queued_spin_unlock(lock);
	else
		native_queued_spin_unlock(lock);
}

/* kernel/locking/qspinlock_paravirt.h: sleep while *@ptr is @val; wake @cpu */
void pv_wait(u8 *ptr, u8 val);
void pv_kick(int cpu);

/* False if the host does not tell */
bool pv_vcpu_is_preempted(long cpu);

#endif /* CONFIG_PARAVIRT_SPINLOCKS */

#endif
