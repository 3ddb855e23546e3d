// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts: those that Linux itself defines (timer, IPIs) by their vector,
 * those of devices by generic IRQ code.  All arrive in common_interrupt(),
 * from one stub per vector in entry/entry_64.S, and run on the per-CPU
 * interrupt stack.
 */
#include <linux/entry-common.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/kernel_stat.h>
#include <linux/mm.h>
#include <linux/msi.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>
#include <asm/apic.h>
#include <asm/hardirq.h>
#include <asm/irq.h>
#include <asm/irq_regs.h>
#include <asm/irq_stack.h>
#include <asm/kvm_features.h>
#include <asm/setup.h>
#include <asm/traps.h>

DEFINE_PER_CPU_SHARED_ALIGNED(irq_cpustat_t, irq_stat);
EXPORT_PER_CPU_SYMBOL(irq_stat);

DEFINE_PER_CPU(struct pt_regs *, irq_regs);
EXPORT_PER_CPU_SYMBOL(irq_regs);

/* What happens when the device's interrupt moves to another CPU */
struct msi_owner {
	umkvm_msi_write_t write;
	void *owner;
};

static void handle_ipi(u32 vector)
{
	switch (vector) {
	case RESCHEDULE_VECTOR:
		inc_irq_stat(resched);
		scheduler_ipi();
		break;
	case CALL_FUNCTION_VECTOR:
		inc_irq_stat(call);
		generic_smp_call_function_interrupt();
		break;
	case CALL_FUNCTION_SINGLE_VECTOR:
		inc_irq_stat(call);
		generic_smp_call_function_single_interrupt();
		break;
	case IRQ_WORK_VECTOR:
		inc_irq_stat(irq_work);
		irq_work_run();
		break;
	case ASYNC_PF_VECTOR:
		inc_irq_stat(async_pf);
		kvm_async_pf_interrupt();
		break;
	case KGDB_VECTOR:
		if (IS_ENABLED(CONFIG_KGDB))
			kgdb_stop_cpu(get_irq_regs());
		break;
	case STOP_VECTOR:
		stop_this_cpu();
		break;
	}
}

/* Ends the interrupt first: an IPI or timer that comes meanwhile is latched */
static void handle_irq(struct pt_regs *regs, u32 vector)
{
	struct pt_regs *old = set_irq_regs(regs);

	if (likely(vector >= FIRST_DEVICE_VECTOR &&
		   vector < FIRST_SYSTEM_VECTOR)) {
		/* the chip's irq_ack() ends it */
		if (generic_handle_irq(vector - FIRST_DEVICE_VECTOR))
			apic_eoi();
	} else if (vector == LOCAL_TIMER_VECTOR) {
		apic_eoi();
		lapic_timer_interrupt();
	} else if (vector > LOCAL_TIMER_VECTOR && vector <= LAST_SYSTEM_VECTOR) {
		apic_eoi();
		handle_ipi(vector);
	} else {
		/* a spurious interrupt is not in service, so it has no end */
		inc_irq_stat(spurious);
	}
	set_irq_regs(old);
}

asmlinkage noinstr void common_interrupt(struct pt_regs *regs,
					 unsigned long nr)
{
	irqentry_state_t state = irqentry_enter(regs);
	u32 vector = nr;

	instrumentation_begin();
	run_irq_on_irqstack_cond(handle_irq, regs, vector);
	instrumentation_end();
	irqentry_exit(regs, state);
}

static void msi_ack(struct irq_data *d)
{
	apic_eoi();
}

static void compose_msi(unsigned int irq, int cpu, struct msi_msg *msg)
{
	*msg = (struct msi_msg) {
		.address_hi	= (u32)cpu & 0xffffff00,
		.address_lo	= 0xfee00000 | ((u32)cpu & 0xff) << 12,
		.data		= FIRST_DEVICE_VECTOR + irq,
	};
}

static int msi_set_affinity(struct irq_data *d, const struct cpumask *dest,
			    bool force)
{
	struct msi_owner *o = irq_data_get_irq_chip_data(d);
	int cpu = cpumask_any_and(dest, cpu_online_mask);
	struct msi_msg msg;

	if (cpu >= nr_cpu_ids)
		return -EINVAL;
	compose_msi(d->irq, cpu, &msg);
	o->write(o->owner, d->irq, &msg);
	irq_data_update_effective_affinity(d, cpumask_of(cpu));
	return IRQ_SET_MASK_OK;
}

/* Raises it once more, on the CPU that has it now */
static int msi_retrigger(struct irq_data *d)
{
	int cpu = cpumask_first(irq_data_get_effective_affinity_mask(d));

	apic_send_ipi(cpu, FIRST_DEVICE_VECTOR + d->irq);
	return 1;
}

static struct irq_chip msi_chip = {
	.name			= "umkvm-msi",
	.irq_ack		= msi_ack,
	.irq_set_affinity	= msi_set_affinity,
	.irq_retrigger		= msi_retrigger,
	.flags			= IRQCHIP_SKIP_SET_WAKE,
};

int umkvm_msi_alloc(umkvm_msi_write_t write, void *owner, struct msi_msg *msg)
{
	struct msi_owner *o = kmalloc(sizeof(*o), GFP_KERNEL);
	int irq;

	if (!o)
		return -ENOMEM;
	/* Linux interrupt 0 means "none" in too many places */
	irq = irq_alloc_desc_from(1, NUMA_NO_NODE);
	if (irq < 0 || irq >= NR_IRQS) {
		if (irq >= 0)
			irq_free_desc(irq);
		kfree(o);
		return -ENOSPC;
	}
	*o = (struct msi_owner) { write, owner };
	irq_set_chip_data(irq, o);
	irq_set_chip_and_handler_name(irq, &msi_chip, handle_edge_irq, "edge");
	irq_data_update_effective_affinity(irq_get_irq_data(irq),
					   cpumask_of(0));
	compose_msi(irq, 0, msg);
	return irq;
}

void umkvm_msi_free(unsigned int irq)
{
	kfree(irq_get_chip_data(irq));
	irq_free_desc(irq);
}

static void resend(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return;
	raw_spin_lock(&desc->lock);
	if (irq_desc_get_chip(desc) == &msi_chip)
		msi_retrigger(irq_desc_get_irq_data(desc));
	raw_spin_unlock(&desc->lock);
}

void irq_resend_pending(void)
{
	unsigned int irq;

	for (irq = 0; irq < NR_IRQS; irq++) {
		if (apic_irq_pending(FIRST_DEVICE_VECTOR + irq))
			resend(irq);
	}
}

/* With a guard page below, as tasks have it; kept while the CPU is off */
int irq_stack_init(int cpu)
{
	void *stack;

	if (per_cpu(pcpu_hot.hardirq_stack_ptr, cpu))
		return 0;
	stack = __vmalloc_node(IRQ_STACK_SIZE, THREAD_ALIGN, GFP_KERNEL,
			       cpu_to_node(cpu), NULL);
	if (!stack)
		return -ENOMEM;
	/* the topmost word links to the interrupted stack, asm/irq_stack.h */
	per_cpu(pcpu_hot.hardirq_stack_ptr, cpu) =
		stack + IRQ_STACK_SIZE - sizeof(long);
	return 0;
}

void __init init_IRQ(void)
{
	if (irq_stack_init(0))
		panic("no memory for the interrupt stack");
	apic_init_cpu();
}

int __init arch_probe_nr_irqs(void)
{
	return NR_IRQS_LEGACY;
}

void ack_bad_irq(unsigned int irq)
{
	pr_crit("unexpected interrupt %u\n", irq);
	apic_eoi();
}

#define SHOW_STAT(name, member, text)					\
do {									\
	seq_printf(p, "%*s: ", prec, name);				\
	for_each_online_cpu(cpu)					\
		seq_printf(p, "%10u ", per_cpu(irq_stat, cpu).member);	\
	seq_puts(p, "  " text "\n");					\
} while (0)

int arch_show_interrupts(struct seq_file *p, int prec)
{
	int cpu;

	SHOW_STAT("LOC", timer, "Local timer interrupts");
	SHOW_STAT("SPU", spurious, "Spurious interrupts");
	SHOW_STAT("IWI", irq_work, "IRQ work interrupts");
	SHOW_STAT("RES", resched, "Rescheduling interrupts");
	SHOW_STAT("CAL", call, "Function call interrupts");
	SHOW_STAT("APF", async_pf, "Async page fault interrupts");
	return 0;
}

u64 arch_irq_stat_cpu(unsigned int cpu)
{
	const irq_cpustat_t *s = &per_cpu(irq_stat, cpu);

	return s->timer + s->spurious + s->irq_work + s->resched + s->call +
	       s->async_pf;
}
