// SPDX-License-Identifier: GPL-2.0
/*
 * What the guest's CPUs can do and how they start.  Features are hidden by
 * one table and required by another, each line with its reason or its name;
 * whoever teaches the kernel a feature deletes its line here.
 */
#include <cpuid.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include <asm/umkvm.h>

#include "cpu.h"
#include "die.h"

enum reg { EAX, EBX, ECX, EDX };

#define BIT(n)		(1U << (n))
#define ALL_BITS	(~0U)
#define ANY_INDEX	(~0U)

/* Bits taken away from the guest. */
static const struct {
	u32 function;
	u32 index;
	enum reg reg;
	u32 bits;
} hidden[] = {
	/* MONITOR/MWAIT: HLT is how a guest waits; leaf 5 describes it */
	{ 0x1, 0, ECX, BIT(3) },
	{ 0x5, 0, EAX, ALL_BITS }, { 0x5, 0, EBX, ALL_BITS },
	{ 0x5, 0, ECX, ALL_BITS }, { 0x5, 0, EDX, ALL_BITS },
	{ 0x80000001, 0, ECX, BIT(29) },
	/* WAITPKG: user space could sleep the vCPU behind the scheduler */
	{ 0x7, 0, ECX, BIT(5) },
	/* VMX, SMX, SVM, SKINIT: no virtualization inside the guest */
	{ 0x1, 0, ECX, BIT(5) | BIT(6) },
	{ 0x80000001, 0, ECX, BIT(2) | BIT(12) },
	{ 0x8000000a, 0, EAX, ALL_BITS }, { 0x8000000a, 0, EBX, ALL_BITS },
	{ 0x8000000a, 0, EDX, ALL_BITS },
	/* PMU and its relatives: DTES64, DS, PDCM, DS-CPL; AMD's counters, IBS, LWP */
	{ 0x1, 0, ECX, BIT(2) | BIT(4) | BIT(15) },
	{ 0x1, 0, EDX, BIT(21) },
	{ 0xa, 0, EAX, ALL_BITS }, { 0xa, 0, EBX, ALL_BITS },
	{ 0xa, 0, ECX, ALL_BITS }, { 0xa, 0, EDX, ALL_BITS },
	{ 0x80000001, 0, ECX, BIT(10) | BIT(15) | BIT(23) | BIT(24) | BIT(28) },
	{ 0x80000022, 0, EAX, ALL_BITS }, { 0x80000022, 0, EBX, ALL_BITS },
	/* Intel PT, architectural LBR */
	{ 0x7, 0, EBX, BIT(25) },
	{ 0x7, 0, EDX, BIT(19) },
	/* SGX, SGX_LC, MPX */
	{ 0x7, 0, EBX, BIT(2) | BIT(14) },
	{ 0x7, 0, ECX, BIT(30) },
	/* LA57: the kernel has four levels */
	{ 0x7, 0, ECX, BIT(16) },
	/* CET: shadow stacks and IBT */
	{ 0x7, 0, ECX, BIT(7) },
	{ 0x7, 0, EDX, BIT(20) },
	/* AMX: BF16, TILE, INT8, FP16, COMPLEX and what describes the tiles */
	{ 0x7, 0, EDX, BIT(22) | BIT(24) | BIT(25) },
	{ 0x7, 1, EAX, BIT(21) },
	{ 0x7, 1, EDX, BIT(8) },
	{ 0x1d, ANY_INDEX, EAX, ALL_BITS }, { 0x1d, ANY_INDEX, EBX, ALL_BITS },
	{ 0x1d, ANY_INDEX, ECX, ALL_BITS }, { 0x1e, 0, EBX, ALL_BITS },
	/* FRED, LKGS, LAM */
	{ 0x7, 1, EAX, BIT(17) | BIT(18) | BIT(26) },
	/* XSAVE state of MPX and AMX; all supervisor state (IA32_XSS) */
	{ 0xd, 0, EAX, BIT(3) | BIT(4) | BIT(17) | BIT(18) },
	{ 0xd, 1, ECX, ALL_BITS }, { 0xd, 1, EDX, ALL_BITS },
};

static const struct {
	u32 function;
	enum reg reg;
	u32 bit;
	const char *name;
} required[] = {
	{ 0x80000001, EDX, BIT(29), "LM (64-bit mode)" },
	{ 0x80000001, EDX, BIT(11), "SYSCALL" },
	{ 0x80000001, EDX, BIT(20), "NX" },
	{ 0x1, ECX, BIT(26), "XSAVE" },
	{ 0x7, EBX, BIT(0), "FSGSBASE" },
	{ 0x7, EBX, BIT(7), "SMEP" },
};

static u32 *reg_of(struct kvm_cpuid_entry2 *entry, enum reg reg)
{
	u32 *regs[] = { &entry->eax, &entry->ebx, &entry->ecx, &entry->edx };

	return regs[reg];
}

static struct kvm_cpuid_entry2 *find(const struct cpuid_table *table,
				     u32 function, u32 index)
{
	u32 i;

	for (i = 0; i < table->head.nent; i++) {
		const struct kvm_cpuid_entry2 *entry = &table->entries[i];

		if (entry->function == function && entry->index == index)
			return (struct kvm_cpuid_entry2 *)entry;
	}
	return NULL;
}

static struct kvm_cpuid_entry2 *find_or_add(struct cpuid_table *table,
					    u32 function, u32 index, u32 flags)
{
	struct kvm_cpuid_entry2 *entry = find(table, function, index);

	if (!entry && table->head.nent < CPUID_ENTRIES) {
		entry = &table->entries[table->head.nent++];
		*entry = (struct kvm_cpuid_entry2){
			.function = function,
			.index = index,
			.flags = flags,
		};
	}
	return entry;
}

static void hide_unsupported(struct cpuid_table *table)
{
	size_t h;
	u32 i;

	for (i = 0; i < table->head.nent; i++) {
		struct kvm_cpuid_entry2 *entry = &table->entries[i];

		for (h = 0; h < ARRAY_SIZE(hidden); h++) {
			if (entry->function == hidden[h].function &&
			    (hidden[h].index == ANY_INDEX ||
			     entry->index == hidden[h].index))
				*reg_of(entry, hidden[h].reg) &= ~hidden[h].bits;
		}
	}
}

u64 cpu_xcr0(const struct cpuid_table *table)
{
	const struct kvm_cpuid_entry2 *entry = find(table, 0xd, 0);

	return entry ? (u64)entry->edx << 32 | entry->eax : 1;
}

/*
 * Leaf 0xd lists one component a subleaf: those that were hidden lose theirs,
 * and ECX, the size of the area with everything enabled, shrinks with them.
 */
static void trim_xsave(struct cpuid_table *table)
{
	struct kvm_cpuid_entry2 *main_leaf = find(table, 0xd, 0);
	u64 xcr0 = cpu_xcr0(table);
	u32 i, size = 576;

	for (i = 0; main_leaf && i < table->head.nent; i++) {
		struct kvm_cpuid_entry2 *entry = &table->entries[i];

		if (entry->function != 0xd || entry->index < 2)
			continue;
		if (entry->index > 63 || !(xcr0 >> entry->index & 1))
			entry->eax = entry->ebx = entry->ecx = entry->edx = 0;
		else if (entry->ebx + entry->eax > size)
			size = entry->ebx + entry->eax;
	}
	if (main_leaf)
		main_leaf->ecx = size;
}

/* One level of leaf 0xb, which KVM does not always list. */
static void set_level(struct cpuid_table *table, u32 index, u32 shift, u32 cpus,
		      u32 type)
{
	struct kvm_cpuid_entry2 *entry = find_or_add(table, 0xb, index,
			KVM_CPUID_FLAG_SIGNIFCANT_INDEX);

	if (!entry)
		return;
	entry->eax = shift;
	entry->ebx = cpus;
	entry->ecx = type;
}

/* One package, a core a vCPU, no threads. */
static void set_topology(struct cpuid_table *table, unsigned int nr_cpus)
{
	struct kvm_cpuid_entry2 *entry;
	u32 i, bits = 0;

	while (1U << bits < nr_cpus)
		bits++;
	for (i = 0; i < table->head.nent; i++) {
		entry = &table->entries[i];
		if (entry->function == 4)
			entry->eax = (entry->eax & 0x3fff) | (nr_cpus - 1) << 26;
		if (entry->function == 0x1f)
			entry->eax = entry->ebx = entry->ecx = 0;
	}
	entry = find(table, 1, 0);
	if (entry) {
		entry->ebx = (entry->ebx & 0xff00ffff) | nr_cpus << 16;
		entry->edx = (entry->edx & ~BIT(28)) | (u32)(nr_cpus > 1) << 28;
	}
	entry = find(table, 0x80000008, 0);
	if (entry)
		entry->ecx = bits << 12 | (nr_cpus - 1);
	set_level(table, 0, 0, 1, 0x100);
	set_level(table, 1, bits, nr_cpus, 0x201);
}

/* Four levels of page tables, whatever the host has: 48 bits */
static void set_virtual_bits(struct cpuid_table *table)
{
	struct kvm_cpuid_entry2 *entry = find(table, 0x80000008, 0);

	if (entry)
		entry->eax = (entry->eax & ~0xff00U) | 48 << 8;
}

/* KVM leaves the name of the CPU to us; /proc/cpuinfo shows it */
static void set_name(struct cpuid_table *table)
{
	struct kvm_cpuid_entry2 *entry;
	u32 leaf;

	for (leaf = 0x80000002; leaf <= 0x80000004; leaf++) {
		entry = find_or_add(table, leaf, 0, 0);
		if (entry)
			__cpuid(leaf, entry->eax, entry->ebx, entry->ecx,
				entry->edx);
	}
}

void cpu_filter(struct cpuid_table *table, unsigned int nr_cpus)
{
	struct kvm_cpuid_entry2 *entry = find(table, 1, 0);

	hide_unsupported(table);
	trim_xsave(table);
	set_topology(table, nr_cpus);
	set_virtual_bits(table);
	/* KVM emulates both but leaves it to us to say so; and it is a VM */
	if (entry)
		entry->ecx |= BIT(21) | BIT(24) | BIT(31);
}

void cpu_require(const struct cpuid_table *table)
{
	struct kvm_cpuid_entry2 *entry;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(required); i++) {
		entry = find(table, required[i].function, 0);
		if (!entry || !(*reg_of(entry, required[i].reg) & required[i].bit))
			die("/dev/kvm: this host's KVM offers no %s; use another host or the test bed",
			    required[i].name);
	}
}

unsigned int cpu_phys_bits(const struct cpuid_table *table)
{
	const struct kvm_cpuid_entry2 *entry = find(table, 0x80000008, 0);

	return entry ? entry->eax & 0xff : 36;
}

void cpu_read_supported(struct cpuid_table *table, int kvm_fd,
			unsigned int nr_cpus)
{
	table->head.nent = CPUID_ENTRIES;
	if (ioctl(kvm_fd, KVM_GET_SUPPORTED_CPUID, table))
		die_errno("/dev/kvm: KVM_GET_SUPPORTED_CPUID failed");
	cpu_filter(table, nr_cpus);
	set_name(table);
}

static void set_cpuid(int vcpu_fd, const struct cpuid_table *all, u32 id)
{
	struct cpuid_table table = *all;
	u32 i;

	for (i = 0; i < table.head.nent; i++) {
		struct kvm_cpuid_entry2 *entry = &table.entries[i];

		if (entry->function == 1)
			entry->ebx = (entry->ebx & 0x00ffffff) | id << 24;
		if (entry->function == 0xb || entry->function == 0x1f)
			entry->edx = id;
		if (entry->function == 0x8000001e) {
			entry->eax = id;
			entry->ebx = id;
			entry->ecx = 0;
		}
	}
	if (ioctl(vcpu_fd, KVM_SET_CPUID2, &table))
		die_errno("/dev/kvm: KVM_SET_CPUID2 failed");
}

void cpu_set_up(int vcpu_fd, const struct cpuid_table *table, unsigned int id)
{
	struct kvm_xcrs xcrs = { .nr_xcrs = 1 };
	struct kvm_sregs sregs;

	set_cpuid(vcpu_fd, table, id);
	/*
	 * Zero means the host's own frequency.  Without the call a vCPU on a
	 * host whose TSC was recalibrated late comes up with no TSC at all.
	 */
	if (ioctl(vcpu_fd, KVM_SET_TSC_KHZ, 0))
		die_errno("/dev/kvm: KVM_SET_TSC_KHZ failed");
	/* The guest never executes XSETBV: software SVM ignores it. */
	xcrs.xcrs[0].value = cpu_xcr0(table);
	if (ioctl(vcpu_fd, KVM_SET_XCRS, &xcrs))
		die_errno("/dev/kvm: KVM_SET_XCRS to 0x%llx failed",
			  (u64)xcrs.xcrs[0].value);
	if (ioctl(vcpu_fd, KVM_GET_SREGS, &sregs))
		die_errno("/dev/kvm: KVM_GET_SREGS failed");
	/* x2APIC on; the bootstrap processor says so */
	sregs.apic_base = 0xfee00c00 | (id ? 0 : 0x100);
	if (ioctl(vcpu_fd, KVM_SET_SREGS, &sregs))
		die_errno("/dev/kvm: cannot switch the LAPIC to x2APIC");
}

u32 cpu_tsc_khz(int vcpu_fd)
{
	int khz = ioctl(vcpu_fd, KVM_GET_TSC_KHZ, 0);

	if (khz <= 0)
		die("/dev/kvm: KVM_GET_TSC_KHZ failed: no usable TSC");
	return khz;
}

#define CR0_BITS	0x80050033ULL	/* PG AM WP NE ET MP PE */
#define EFER_BITS	0xd01ULL	/* NX LMA LME SCE */

void cpu_set_entry(int vcpu_fd, const struct cpu_entry *entry)
{
	const struct kvm_segment code = {
		.selector = 0x10, .limit = ~0U, .type = 11, .present = 1,
		.s = 1, .l = 1, .g = 1,
	};
	const struct kvm_segment data = {
		.selector = 0x18, .limit = ~0U, .type = 3, .present = 1,
		.s = 1, .db = 1, .g = 1,
	};
	struct kvm_regs regs = {
		.rip = entry->rip, .rsp = entry->rsp, .rsi = entry->rsi,
		.rflags = 2,
	};
	struct kvm_mp_state runnable = { .mp_state = KVM_MP_STATE_RUNNABLE };
	struct kvm_sregs sregs;

	if (ioctl(vcpu_fd, KVM_GET_SREGS, &sregs))
		die_errno("/dev/kvm: KVM_GET_SREGS failed");
	sregs.cs = code;
	sregs.ds = sregs.es = sregs.ss = data;
	sregs.fs = sregs.gs = data;
	sregs.gs.base = entry->gs_base;
	sregs.cr0 = CR0_BITS;
	sregs.cr3 = entry->cr3;
	sregs.cr4 = entry->cr4;
	sregs.efer = EFER_BITS;
	if (ioctl(vcpu_fd, KVM_SET_SREGS, &sregs))
		die_errno("/dev/kvm: KVM_SET_SREGS failed");
	if (ioctl(vcpu_fd, KVM_SET_REGS, &regs))
		die_errno("/dev/kvm: KVM_SET_REGS failed");
	/* all but vCPU 0 are created to wait for an INIT that never comes */
	if (ioctl(vcpu_fd, KVM_SET_MP_STATE, &runnable))
		die_errno("/dev/kvm: KVM_SET_MP_STATE failed");
}
