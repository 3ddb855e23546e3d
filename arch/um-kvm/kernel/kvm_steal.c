// SPDX-License-Identifier: GPL-2.0
/*
 * Steal time: KVM tells in a page per CPU how long the host let the vCPU wait,
 * and whether it is preempted at the moment.  The first is accounted for as
 * "st" in /proc/stat.  The second lets others not wait for this CPU: they do
 * not spin, they leave the flush of its TLB to KVM, they give it their time.
 */
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/kvm_para.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <asm/kvm_features.h>
#include <asm/msr.h>
#include <asm/paravirt.h>

/* KVM wants it aligned to 64 bytes (Documentation/virt/kvm/x86/msr.rst) */
static DEFINE_PER_CPU(struct kvm_steal_time, steal_time) __aligned(64);
static DEFINE_PER_CPU(struct cpumask, flush_mask);

static DEFINE_STATIC_KEY_FALSE(flush_by_kvm);
static DEFINE_STATIC_KEY_FALSE(yield_to_preempted);

struct static_key paravirt_steal_enabled;
struct static_key paravirt_steal_rq_enabled;

u64 paravirt_steal_clock(int cpu)
{
	const struct kvm_steal_time *st = &per_cpu(steal_time, cpu);
	u32 version;
	u64 steal;

	/* odd while KVM writes, which it does while the vCPU does not run */
	do {
		version = READ_ONCE(st->version);
		virt_rmb();	/* pairs with KVM's writes in this order */
		steal = READ_ONCE(st->steal);
		virt_rmb();	/* the same */
	} while ((version & 1) || version != READ_ONCE(st->version));
	return steal;
}

bool pv_vcpu_is_preempted(long cpu)
{
	return READ_ONCE(per_cpu(steal_time, cpu).preempted) &
	       KVM_VCPU_PREEMPTED;
}
EXPORT_SYMBOL_GPL(pv_vcpu_is_preempted);

void kvm_steal_online(void)
{
	if (kvm_para_has_feature(KVM_FEATURE_STEAL_TIME))
		wrmsrl(MSR_KVM_STEAL_TIME,
		       __pa(this_cpu_ptr(&steal_time)) | KVM_MSR_ENABLED);
}

void kvm_steal_offline(void)
{
	if (kvm_para_has_feature(KVM_FEATURE_STEAL_TIME))
		wrmsrl(MSR_KVM_STEAL_TIME, 0);
}

/*
 * KVM exchanges the byte for 0 when it lets the vCPU run, so either it sees
 * our request or we see that the CPU runs.
 */
static bool request_flush(int cpu)
{
	u8 *preempted = &per_cpu(steal_time, cpu).preempted;
	u8 state = READ_ONCE(*preempted);

	return (state & KVM_VCPU_PREEMPTED) &&
	       try_cmpxchg(preempted, &state, state | KVM_VCPU_FLUSH_TLB);
}

const struct cpumask *kvm_flush_preempted(const struct cpumask *cpus)
{
	struct cpumask *left = this_cpu_ptr(&flush_mask);
	int cpu;

	if (!static_branch_likely(&flush_by_kvm))
		return cpus;

	cpumask_copy(left, cpus);
	for_each_cpu(cpu, cpus) {
		if (request_flush(cpu))
			__cpumask_clear_cpu(cpu, left);
	}
	return left;
}

/* One is enough: it runs, and we see what it does for the others */
void kvm_yield_to_preempted(const struct cpumask *cpus)
{
	int cpu;

	if (!static_branch_likely(&yield_to_preempted))
		return;
	for_each_cpu(cpu, cpus) {
		if (!idle_cpu(cpu) && pv_vcpu_is_preempted(cpu)) {
			kvm_hypercall1(KVM_HC_SCHED_YIELD, cpu);
			return;
		}
	}
}

static int __init kvm_steal_init(void)
{
	if (!kvm_para_has_feature(KVM_FEATURE_STEAL_TIME))
		return 0;
	static_key_slow_inc(&paravirt_steal_enabled);
	static_key_slow_inc(&paravirt_steal_rq_enabled);
	if (kvm_para_has_feature(KVM_FEATURE_PV_TLB_FLUSH))
		static_branch_enable(&flush_by_kvm);
	if (kvm_para_has_feature(KVM_FEATURE_PV_SCHED_YIELD))
		static_branch_enable(&yield_to_preempted);
	return 0;
}
arch_initcall(kvm_steal_init);
