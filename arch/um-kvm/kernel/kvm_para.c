// SPDX-License-Identifier: GPL-2.0
/*
 * Which paravirtual features KVM offers: read once from CPUID, where each read
 * would be an exit.  The features themselves are used by the files they
 * concern (kvmclock.c, apic.c, ...).
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kvm_para.h>
#include <asm/cpuid.h>
#include <asm/setup.h>

/* CPUID 0x40000000: "KVMKVMKVM" in EBX, ECX, EDX */
#define KVM_SIGNATURE_EBX	0x4b4d564b

static bool available __ro_after_init;
static unsigned int features __ro_after_init;
static unsigned int hints __ro_after_init;

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
	cpuid(KVM_CPUID_FEATURES, &features, &ebx, &ecx, &hints);
}

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
