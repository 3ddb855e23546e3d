// SPDX-License-Identifier: GPL-2.0
/*
 * Which paravirtual features KVM offers: read once from CPUID, where each read
 * would be an exit.  The features themselves are used by the files they
 * concern (kvmclock.c, apic.c, kvm_*.c).  Each has a word on the command line
 * that turns it off and a line in the log that says what became of it.
 */
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kvm_para.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <asm/cpuid.h>
#include <asm/kvm_features.h>

/* CPUID 0x40000000: "KVMKVMKVM" in EBX, ECX, EDX */
#define KVM_SIGNATURE_EBX	0x4b4d564b

#define NEEDS_NOTHING	KVM_FEATURE_CLOCKSOURCE2

static bool available __ro_after_init;
static unsigned int offered __ro_after_init;
static unsigned int features __ro_after_init;
static unsigned int hints __ro_after_init;

#define OFF_SWITCH(flag, word)						\
static bool flag __initdata;						\
static int __init set_##flag(char *unused)				\
{									\
	flag = true;							\
	return 0;							\
}									\
early_param(word, set_##flag)

OFF_SWITCH(no_steal, "no-steal-acc");
OFF_SWITCH(no_eoi, "no-kvm-eoi");
OFF_SWITCH(no_async_pf, "no-kvmapf");
OFF_SWITCH(no_tlb, "no-kvm-tlb");
OFF_SWITCH(no_yield, "no-kvm-yield");
OFF_SWITCH(no_ipi, "no-kvm-ipi");
OFF_SWITCH(no_poll, "no-kvm-poll");

/* Words that arch/x86 knows are the same there; "nopvspin" is generic code's */
struct offer {
	const char	*name;
	const char	*word;
	const bool	*off;
	unsigned int	feature;
	unsigned int	needs;		/* another feature */
	bool		smp;		/* nothing to do for one CPU */
};

static const struct offer table[] __initconst = {
	{ "steal time", "no-steal-acc", &no_steal,
	  KVM_FEATURE_STEAL_TIME, NEEDS_NOTHING },
	{ "end of interrupt", "no-kvm-eoi", &no_eoi,
	  KVM_FEATURE_PV_EOI, NEEDS_NOTHING },
	{ "async page faults", "no-kvmapf", &no_async_pf,
	  KVM_FEATURE_ASYNC_PF_INT, KVM_FEATURE_ASYNC_PF },
	{ "host poll control", "no-kvm-poll", &no_poll,
	  KVM_FEATURE_POLL_CONTROL, NEEDS_NOTHING },
	{ "spinlocks", "nopvspin", &nopvspin,
	  KVM_FEATURE_PV_UNHALT, NEEDS_NOTHING, true },
	{ "IPIs", "no-kvm-ipi", &no_ipi,
	  KVM_FEATURE_PV_SEND_IPI, NEEDS_NOTHING, true },
	{ "TLB flush", "no-kvm-tlb", &no_tlb,
	  KVM_FEATURE_PV_TLB_FLUSH, KVM_FEATURE_STEAL_TIME, true },
	{ "yield", "no-kvm-yield", &no_yield,
	  KVM_FEATURE_PV_SCHED_YIELD, KVM_FEATURE_STEAL_TIME, true },
};

void __init kvm_para_init(void)
{
	unsigned int ecx;
	unsigned int ebx;
	unsigned int eax;
	unsigned int edx;

	cpuid(KVM_CPUID_SIGNATURE, &eax, &ebx, &ecx, &edx);
	available = ebx == KVM_SIGNATURE_EBX;
	if (!available)
		return;
	cpuid(KVM_CPUID_FEATURES, &offered, &ebx, &ecx, &hints);
	features = offered;
}

void __init kvm_para_settle(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (*table[i].off || !(features & BIT(table[i].needs)) ||
		    (table[i].smp && num_possible_cpus() == 1))
			features &= ~BIT(table[i].feature);
	}
}

static void __init report(unsigned int i)
{
	const char *name = table[i].name;

	if (!(offered & BIT(table[i].feature)))
		pr_info("kvm: %s: not offered\n", name);
	else if (*table[i].off)
		pr_info("kvm: %s: off (%s)\n", name, table[i].word);
	else if (features & BIT(table[i].feature))
		pr_info("kvm: %s: used\n", name);
	else if (table[i].smp && num_possible_cpus() == 1)
		pr_info("kvm: %s: not needed\n", name);
	else
		pr_info("kvm: %s: not usable without another\n", name);
}

static int __init kvm_para_report(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		report(i);
	return 0;
}
core_initcall(kvm_para_report);

bool kvm_para_available(void)
{
	return available;
}
EXPORT_SYMBOL_GPL(kvm_para_available);

unsigned int kvm_arch_para_features(void)
{
	return features;
}

unsigned int kvm_arch_para_hints(void)
{
	return hints;
}
EXPORT_SYMBOL_GPL(kvm_arch_para_hints);
