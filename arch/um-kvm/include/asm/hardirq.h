/* SPDX-License-Identifier: GPL-2.0 */
/* Per-CPU counts of the interrupts that have no descriptor (/proc/interrupts) */
#ifndef _ASM_UM_KVM_HARDIRQ_H
#define _ASM_UM_KVM_HARDIRQ_H

#include <linux/percpu.h>
#include <asm/current.h>

typedef struct {
	unsigned int timer;
	unsigned int resched;
	unsigned int call;
	unsigned int irq_work;
	unsigned int async_pf;
	unsigned int spurious;
} ____cacheline_aligned irq_cpustat_t;

DECLARE_PER_CPU_SHARED_ALIGNED(irq_cpustat_t, irq_stat);
#define __ARCH_IRQ_STAT

#define inc_irq_stat(member)	this_cpu_inc(irq_stat.member)

u64 arch_irq_stat_cpu(unsigned int cpu);
#define arch_irq_stat_cpu	arch_irq_stat_cpu

/* asm/current.h of arch/x86 keeps it beside current and preempt_count */
#define local_softirq_pending_ref	pcpu_hot.softirq_pending

#endif
