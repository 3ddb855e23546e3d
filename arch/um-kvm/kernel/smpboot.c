// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs come and go: which there are, how one is started by the shim and
 * brought up, how it is taken down and parked.  A CPU starts in
 * start_secondary() itself: its stack, GS base and page tables are arguments
 * of the call, so there is no trampoline and no assembly.
 *
 * CPU 0 stays: the vDSO reads its clock.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/percpu.h>
#include <linux/sched/hotplug.h>
#include <linux/sched/mm.h>
#include <linux/sched/task_stack.h>
#include <linux/smp.h>
#include <linux/stackprotector.h>
#include <asm/alternative.h>
#include <asm/apic.h>
#include <asm/desc.h>
#include <asm/hypercall.h>
#include <asm/irq.h>
#include <asm/kvm_features.h>
#include <asm/processor.h>
#include <asm/setup.h>
#include <asm/smp.h>

void __init smp_init_cpus(void)
{
	unsigned int cpu;

	if (umkvm_boot.nr_cpus > nr_cpu_ids)
		pr_warn("smp: %u of %u CPUs can be used\n", nr_cpu_ids,
			umkvm_boot.nr_cpus);
	for (cpu = 0; cpu < min(umkvm_boot.nr_cpus, nr_cpu_ids); cpu++) {
		set_cpu_possible(cpu, true);
		set_cpu_present(cpu, true);
	}
}

static void kvm_online(void)
{
	kvm_steal_online();
	kvm_async_pf_online();
}

void __init smp_prepare_boot_cpu(void)
{
	kvm_spinlock_init();
	kvm_online();
}

void __init smp_prepare_cpus(unsigned int max_cpus)
{
}

void __init smp_cpus_done(unsigned int max_cpus)
{
}

/* All CPUs are cores of one package and share what they have of a cache */
const struct cpumask *cpu_coregroup_mask(int cpu)
{
	return cpu_possible_mask;
}

/* Interrupts are off, GS base and stack are right, nothing else is loaded */
static void __noreturn notrace start_secondary(void)
{
	unsigned int cpu = raw_smp_processor_id();

	load_descriptors(cpu);
	/* the idle task uses the kernel's; finish_cpu() drops it */
	mmgrab_lazy_tlb(&init_mm);
	current->active_mm = &init_mm;
	cpu_init();
	cpu_init_secondary();
	kvmclock_init_cpu();
	apic_init_cpu();
	kvm_online();
	cpuhp_ap_sync_alive();

	rcutree_report_cpu_starting(cpu);
	notify_cpu_starting(cpu);
	set_cpu_online(cpu, true);
	lapic_timer_init_cpu();
	local_irq_enable();
	cpu_startup_entry(CPUHP_AP_ONLINE_IDLE);
	BUG();
}

/* What start_secondary() finds before it has done anything */
static unsigned long prepare_idle(unsigned int cpu, struct task_struct *idle)
{
	unsigned long *top = (unsigned long *)task_pt_regs(idle);

	per_cpu(pcpu_hot.current_task, cpu) = idle;
	per_cpu(pcpu_hot.top_of_stack, cpu) = task_top_of_stack(idle);
	cpu_init_stack_canary(cpu, idle);

	/* as after a CALL, which an unwinder looks for in front of the address */
	*--top = (unsigned long)start_cpu + 1;
	return (unsigned long)top;
}

int __cpu_up(unsigned int cpu, struct task_struct *idle)
{
	int err = irq_stack_init(cpu);

	if (err)
		return err;
	/* arch_cpuhp_cleanup_dead_cpu() has given up on it */
	if (umkvm_cpu_state(cpu) != UMKVM_CPU_PARKED)
		return -EBUSY;

	alternatives_enable_smp();
	return umkvm_call(UMKVM_CALL_CPU_START, cpu,
			  (unsigned long)start_secondary,
			  prepare_idle(cpu, idle), __pa_symbol(init_top_pgt),
			  cpu_kernelmode_gs_base(cpu));
}

bool arch_cpu_is_hotpluggable(int cpu)
{
	return cpu > 0;
}

/*
 * On the CPU that goes, under stop_machine(): all others stand still.  When the
 * shim has been told of a new destination, nothing more arrives here; what
 * arrived before is pending and has to follow.
 */
int __cpu_disable(void)
{
	set_cpu_online(smp_processor_id(), false);
	irq_migrate_all_off_this_cpu();
	irq_resend_pending();
	kvm_steal_offline();
	kvm_async_pf_offline();
	return 0;
}

/* In the idle task, after the last interrupt */
void __noreturn arch_cpu_idle_dead(void)
{
	idle_task_exit();
	cpuhp_ap_report_dead();
	umkvm_call(UMKVM_CALL_CPU_PARK);
	BUG();
}

/*
 * The CPU is about to be parked.  Until the shim says that it is, it executes
 * on its stack, and cannot be started again.
 */
void arch_cpuhp_cleanup_dead_cpu(unsigned int cpu)
{
	ktime_t end = ktime_add_ms(ktime_get(), 10 * MSEC_PER_SEC);

	while (umkvm_cpu_state(cpu) != UMKVM_CPU_PARKED) {
		if (ktime_after(ktime_get(), end)) {
			pr_err("smp: CPU %u does not get parked\n", cpu);
			return;
		}
		usleep_range(100, 1000);
	}
}
