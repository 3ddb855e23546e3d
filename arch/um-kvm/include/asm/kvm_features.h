/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What KVM offers beyond a CPU, feature by feature: between the files of
 * kernel/ that use them.  kvm_para_has_feature() is false for what a kernel
 * parameter turned off.
 */
#ifndef _ASM_UM_KVM_KVM_FEATURES_H
#define _ASM_UM_KVM_KVM_FEATURES_H

#include <linux/init.h>
#include <linux/types.h>

struct cpumask;

/* kernel/kvm_para.c: reads CPUID; then, after the parameters, what is left */
void __init kvm_para_init(void);
void __init kvm_para_settle(void);

/*
 * On each CPU, interrupts off, once its local APIC is on, and before it goes
 * off line: shared pages for steal time and async page faults.
 */
void kvm_steal_online(void);
void kvm_steal_offline(void);
void kvm_async_pf_online(void);
void kvm_async_pf_offline(void);

/* On ASYNC_PF_VECTOR: a page is there that somebody waits for */
void kvm_async_pf_interrupt(void);

/* Once, on CPU 0, when static keys work */
void __init kvm_spinlock_init(void);

/*
 * Of @cpus those that have to be interrupted to flush their TLB: KVM does it
 * for the others, which do not run, before they do.  Preemption is off.
 */
const struct cpumask *kvm_flush_preempted(const struct cpumask *cpus);

/* Lets the host run one of @cpus that it has preempted and that we wait for */
void kvm_yield_to_preempted(const struct cpumask *cpus);

#endif
