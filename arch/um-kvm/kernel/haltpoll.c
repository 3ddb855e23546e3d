// SPDX-License-Identifier: GPL-2.0
/*
 * For drivers/cpuidle/cpuidle-haltpoll.c, which polls for a while before it
 * halts ("cpuidle_haltpoll.force=1"): then the host need not poll as well.
 */
#include <linux/cpuidle_haltpoll.h>
#include <linux/export.h>
#include <linux/kvm_para.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <asm/msr.h>

static void write_poll_control(void *on)
{
	wrmsrl(MSR_KVM_POLL_CONTROL, (unsigned long)on);
}

static void host_polls(unsigned int cpu, bool on)
{
	if (kvm_para_has_feature(KVM_FEATURE_POLL_CONTROL))
		smp_call_function_single(cpu, write_poll_control,
					 (void *)(unsigned long)on, true);
}

void arch_haltpoll_enable(unsigned int cpu)
{
	pr_info_once("kvm: halt polling in the guest\n");
	host_polls(cpu, false);
}
EXPORT_SYMBOL_GPL(arch_haltpoll_enable);

void arch_haltpoll_disable(unsigned int cpu)
{
	host_polls(cpu, true);
}
EXPORT_SYMBOL_GPL(arch_haltpoll_disable);
