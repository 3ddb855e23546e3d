/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_CPU_H
#define HOST_CPU_H

#include <linux/kvm.h>

#include "util.h"

#define CPUID_ENTRIES	128

/* CR4 at the kernel's entry: OSXSAVE OSXMMEXCPT OSFXSR PGE PAE */
#define CPU_CR4			0x406a0ULL
#define CPU_CR4_OSXSAVE		0x40000ULL

/* The layout that KVM's CPUID calls want: a head and its entries. */
struct cpuid_table {
	struct kvm_cpuid2 head;
	struct kvm_cpuid_entry2 entries[CPUID_ENTRIES];
};

/* What KVM supports, less what this port hides, for a VM of @nr_cpus. */
void cpu_read_supported(struct cpuid_table *table, int kvm_fd,
			unsigned int nr_cpus);

void cpu_filter(struct cpuid_table *table, unsigned int nr_cpus);

/* Refuses a CPU without something that the kernel cannot do without. */
void cpu_require(const struct cpuid_table *table);

/* The XSAVE components that the guest has; XCR0 allows all of them. */
u64 cpu_xcr0(const struct cpuid_table *table);

/* Width of a guest physical address. */
unsigned int cpu_phys_bits(const struct cpuid_table *table);

/* What of a vCPU's first state differs from start to start; the rest is 0. */
struct cpu_entry {
	u64 rip;
	u64 rsp;
	u64 rsi;
	u64 cr3;
	u64 cr4;
	u64 gs_base;
};

/*
 * A fresh vCPU gets what stays: CPUID, XCR0, TSC, x2APIC.  cpu_set_entry()
 * completes the state of umkvm.h's entry contract, at each start.
 */
void cpu_set_up(int vcpu_fd, const struct cpuid_table *table, unsigned int id);
u32 cpu_tsc_khz(int vcpu_fd);
void cpu_set_entry(int vcpu_fd, const struct cpu_entry *entry);

#endif /* HOST_CPU_H */
