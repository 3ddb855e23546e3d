// SPDX-License-Identifier: GPL-2.0
/*
 * How KGDB has the other CPUs stand still: by an interrupt, and by an NMI where
 * interrupts are off.  Not by an NMI at once: one that has the console's queue
 * locked would stop with the lock, and KGDB talks through that queue.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kgdb.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <asm/apic.h>
#include <asm/smp.h>

/* Whom an interrupt, whom an NMI has to stop; who comes takes itself out */
static struct cpumask by_irq, by_nmi;

bool kgdb_stop_cpu(struct pt_regs *regs)
{
	int cpu = smp_processor_id();

	if (!cpumask_test_and_clear_cpu(cpu, in_nmi() ? &by_nmi : &by_irq))
		return false;
	kgdb_nmicallback(cpu, regs);
	return true;
}

void kgdb_stop_others(void)
{
	int cpu, ms = 10;

	cpumask_andnot(&by_irq, cpu_online_mask, cpumask_of(smp_processor_id()));
	apic_send_ipi_mask(&by_irq, KGDB_VECTOR);
	while (!cpumask_empty(&by_irq) && ms--)
		mdelay(1);
	for_each_cpu(cpu, &by_irq) {
		if (!cpumask_test_and_clear_cpu(cpu, &by_irq))
			continue;
		cpumask_set_cpu(cpu, &by_nmi);
		apic_send_ipi(cpu, APIC_DM_NMI);
	}
}
