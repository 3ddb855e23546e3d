// SPDX-License-Identifier: GPL-2.0
/*
 * Between CPUs: per-CPU memory, the messages they send each other, and how all
 * others are stopped.  smpboot.c starts them.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/irq_work.h>
#include <linux/memblock.h>
#include <linux/nmi.h>
#include <linux/percpu.h>
#include <linux/sched/task_stack.h>
#include <linux/smp.h>
#include <asm/apic.h>
#include <asm/desc.h>
#include <asm/kvm_features.h>
#include <asm/processor.h>
#include <asm/sections.h>
#include <asm/smp.h>

/* Until setup_per_cpu_areas(), CPU 0 lives in the image that others copy */
#define BOOT_PERCPU_OFFSET	((unsigned long)__per_cpu_load)

DEFINE_PER_CPU_READ_MOSTLY(unsigned long, this_cpu_off) = BOOT_PERCPU_OFFSET;
EXPORT_PER_CPU_SYMBOL(this_cpu_off);

unsigned long __per_cpu_offset[NR_CPUS] __ro_after_init = {
	[0 ... NR_CPUS - 1] = BOOT_PERCPU_OFFSET,
};
EXPORT_SYMBOL(__per_cpu_offset);

void __init setup_per_cpu_areas(void)
{
	unsigned long delta;
	unsigned int cpu;

	if (pcpu_embed_first_chunk(PERCPU_MODULE_RESERVE,
				   PERCPU_DYNAMIC_RESERVE, PAGE_SIZE,
				   NULL, NULL))
		panic("no memory for per-CPU areas");

	delta = (unsigned long)pcpu_base_addr - (unsigned long)__per_cpu_start;
	for_each_possible_cpu(cpu) {
		__per_cpu_offset[cpu] = delta + pcpu_unit_offsets[cpu];
		per_cpu(this_cpu_off, cpu) = per_cpu_offset(cpu);
		per_cpu(pcpu_hot.cpu_number, cpu) = cpu;
	}
	wrgsbase(cpu_kernelmode_gs_base(0));
	load_descriptors(0);
}

void arch_smp_send_reschedule(int cpu)
{
	apic_send_ipi(cpu, RESCHEDULE_VECTOR);
}

void arch_send_call_function_single_ipi(int cpu)
{
	apic_send_ipi(cpu, CALL_FUNCTION_SINGLE_VECTOR);
}

void arch_send_call_function_ipi_mask(const struct cpumask *mask)
{
	apic_send_ipi_mask(mask, CALL_FUNCTION_VECTOR);
	kvm_yield_to_preempted(mask);
}

void arch_irq_work_raise(void)
{
	apic_send_ipi_self(IRQ_WORK_VECTOR);
}

static void send_nmi(cpumask_t *mask)
{
	apic_send_ipi_mask(mask, APIC_DM_NMI);
}

void arch_trigger_cpumask_backtrace(const cpumask_t *mask, int exclude_cpu)
{
	nmi_trigger_cpumask_backtrace(mask, exclude_cpu, send_nmi);
}

void __noreturn stop_this_cpu(void)
{
	local_irq_disable();
	set_cpu_online(smp_processor_id(), false);
	for (;;)
		native_halt();
}

void smp_send_stop(void)
{
	unsigned long timeout = USEC_PER_SEC;
	struct cpumask others;

	cpumask_andnot(&others, cpu_online_mask, cpumask_of(smp_processor_id()));
	apic_send_ipi_mask(&others, STOP_VECTOR);
	while (num_online_cpus() > 1 && timeout--)
		udelay(1);
}
