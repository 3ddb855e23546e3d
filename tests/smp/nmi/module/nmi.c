// SPDX-License-Identifier: GPL-2.0
/*
 * While it is loaded, all other CPUs get one NMI after the other, wherever they
 * are.  The handler takes a page fault each time, so whoever was about to read
 * CR2 finds out if it is not kept.  An NMI is over when the CPU has taken an
 * interrupt after it; before that there is no next one.
 */
#include <linux/delay.h>
#include <linux/kdebug.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/uaccess.h>
#include <asm/apicdef.h>
#include <asm/msr.h>

static struct task_struct *sender;
static unsigned long sent, faults, in_programs;
static int target = -1;

static int take_nmi(struct notifier_block *nb, unsigned long what, void *data)
{
	struct die_args *args = data;
	int cpu = smp_processor_id();
	unsigned long nothing;

	if (what != DIE_NMI || cmpxchg(&target, cpu, -1) != cpu)
		return NOTIFY_DONE;
	in_programs += user_mode(args->regs);
	faults += get_kernel_nofault(nothing, (unsigned long *)-PAGE_SIZE) != 0;
	return NOTIFY_STOP;
}

static struct notifier_block taker = { .notifier_call = take_nmi };

static void take_irq(void *unused)
{
}

static int send_nmis(void *unused)
{
	int cpu, this_cpu;

	sched_set_fifo(current);
	while (!kthread_should_stop()) {
		this_cpu = get_cpu();
		for_each_online_cpu(cpu) {
			if (cpu == this_cpu)
				continue;
			WRITE_ONCE(target, cpu);
			wrmsrl(APIC_BASE_MSR + (APIC_ICR >> 4),
			       (u64)cpu << 32 | APIC_DM_NMI);
			sent++;
			smp_call_function_single(cpu, take_irq, NULL, true);
		}
		put_cpu();
		usleep_range(50, 100);
	}
	return 0;
}

static int __init nmi_init(void)
{
	int err = register_die_notifier(&taker);

	if (err)
		return err;
	sender = kthread_run(send_nmis, NULL, "nmi");
	if (IS_ERR(sender)) {
		unregister_die_notifier(&taker);
		return PTR_ERR(sender);
	}
	return 0;
}
module_init(nmi_init);

static void __exit nmi_exit(void)
{
	kthread_stop(sender);
	unregister_die_notifier(&taker);
	pr_info("nmi: %lu sent, %lu with a fault, %lu in programs\n", sent,
		faults, in_programs);
}
module_exit(nmi_exit);

MODULE_DESCRIPTION("NMIs to all other CPUs, as fast as they take them");
MODULE_LICENSE("GPL");
