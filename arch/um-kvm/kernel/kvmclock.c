// SPDX-License-Identifier: GPL-2.0
/*
 * kvmclock: the time of day and the monotonic clock, from a page that KVM
 * keeps up to date and the CPU reads without an exit.  It is the clock source,
 * the scheduler's clock and, where KVM says that it is the same on all CPUs,
 * what the vDSO reads.  "no-kvmclock-vsyscall" keeps it out of the vDSO.
 */
#include <linux/clocksource.h>
#include <linux/init.h>
#include <linux/kvm_para.h>
#include <linux/percpu.h>
#include <linux/sched/clock.h>
#include <linux/timekeeping.h>
#include <asm/msr.h>
#include <asm/pvclock.h>
#include <asm/setup.h>

/* One page for all CPUs, because the vDSO maps it */
#define CLOCKS	(PAGE_SIZE / sizeof(struct pvclock_vsyscall_time_info))

static struct pvclock_vsyscall_time_info clocks[CLOCKS] __page_aligned_bss;
static struct pvclock_wall_clock wall_clock;
static u64 sched_clock_offset __ro_after_init;
static bool kvmclock_ready __ro_after_init;
static bool use_vsyscall __initdata = true;

static_assert(CLOCKS >= UMKVM_CPUS_MAX);

static int __init no_vsyscall(char *arg)
{
	use_vsyscall = false;
	return 0;
}
early_param("no-kvmclock-vsyscall", no_vsyscall);

static __always_inline struct pvclock_vcpu_time_info *this_cpu_clock(void)
{
	return &clocks[raw_smp_processor_id()].pvti;
}

/* Nanoseconds since boot once the clock runs, 0 before */
noinstr u64 sched_clock_noinstr(void)
{
	if (!kvmclock_ready)
		return 0;
	return pvclock_clocksource_read_nowd(this_cpu_clock()) -
	       sched_clock_offset;
}

notrace unsigned long long sched_clock(void)
{
	u64 now;

	preempt_disable_notrace();
	now = sched_clock_noinstr();
	preempt_enable_notrace();
	return now;
}

static u64 kvmclock_read(struct clocksource *cs)
{
	u64 now;

	preempt_disable_notrace();
	now = pvclock_clocksource_read_nowd(this_cpu_clock());
	preempt_enable_notrace();
	return now;
}

static int kvmclock_enable(struct clocksource *cs)
{
	vclocks_set_used(VDSO_CLOCKMODE_PVCLOCK);
	return 0;
}

static struct clocksource kvm_clock = {
	.name	= "kvm-clock",
	.read	= kvmclock_read,
	.rating	= 400,
	.mask	= CLOCKSOURCE_MASK(64),
	.flags	= CLOCK_SOURCE_IS_CONTINUOUS,
	.id	= CSID_X86_KVM_CLK,
	.enable	= kvmclock_enable,
};

void kvmclock_init_cpu(void)
{
	wrmsrl(MSR_KVM_SYSTEM_TIME_NEW,
	       __pa_symbol(&clocks[raw_smp_processor_id()].pvti) | 1);
}

void __init kvmclock_early_init(void)
{
	if (!kvm_para_has_feature(KVM_FEATURE_CLOCKSOURCE2))
		panic("KVM offers no kvmclock: no other clock is supported");
	kvmclock_init_cpu();
	if (kvm_para_has_feature(KVM_FEATURE_CLOCKSOURCE_STABLE_BIT))
		pvclock_set_flags(PVCLOCK_TSC_STABLE_BIT);
	sched_clock_offset = pvclock_clocksource_read_nowd(this_cpu_clock());
	kvmclock_ready = true;
}

void __init kvmclock_register(void)
{
	bool stable = pvclock_read_flags(this_cpu_clock()) &
		      PVCLOCK_TSC_STABLE_BIT;

	if (stable && use_vsyscall) {
		kvm_clock.vdso_clock_mode = VDSO_CLOCKMODE_PVCLOCK;
		pvclock_set_pvti_cpu0_va(clocks);
	}
	clocksource_register_hz(&kvm_clock, NSEC_PER_SEC);
	pr_info("kvm-clock: %s%s\n", stable ? "stable" : "not stable",
		kvm_clock.vdso_clock_mode ? ", in the vDSO" : "");
}

/* The time of day at boot; KVM fills the page once per write of the MSR */
void read_persistent_clock64(struct timespec64 *ts)
{
	wrmsrl(MSR_KVM_WALL_CLOCK_NEW, __pa_symbol(&wall_clock));
	preempt_disable();
	pvclock_read_wallclock(&wall_clock, this_cpu_clock(), ts);
	preempt_enable();
}

/*
 * The host stopped this process for a while (SIGSTOP, a debugger) and the
 * shim said so by KVM_KVMCLOCK_CTRL: the watchdogs ask before they complain.
 */
bool kvm_check_and_clear_guest_paused(void)
{
	struct pvclock_vcpu_time_info *clock = this_cpu_clock();

	if (!(clock->flags & PVCLOCK_GUEST_STOPPED))
		return false;
	clock->flags &= ~PVCLOCK_GUEST_STOPPED;
	pvclock_touch_watchdogs();
	return true;
}
EXPORT_SYMBOL_GPL(kvm_check_and_clear_guest_paused);
