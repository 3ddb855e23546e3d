// SPDX-License-Identifier: GPL-2.0
/*
 * What CPUID says, in the terms of arch/x86: feature words, vendor, model and
 * the few bits that Linux adds to them.  The shim decides what CPUID says, so
 * there is no table of CPU models here; the kernel believes what it reads.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/cpufeature.h>
#include <asm/cpuid.h>
#include <asm/processor.h>

#define NO_WORD		0xff
#define WORDS(...)	{ __VA_ARGS__ }

/* One CPUID each, in ascending order; registers are EAX EBX ECX EDX */
static const struct cpuid_leaf {
	u32	leaf;
	u32	subleaf;
	u8	word[4];
} cpuid_leaves[] = {
	{ 0x00000001, 0, WORDS(NO_WORD, NO_WORD, CPUID_1_ECX, CPUID_1_EDX) },
	{ 0x00000006, 0, WORDS(CPUID_6_EAX, NO_WORD, NO_WORD, NO_WORD) },
	{ 0x00000007, 0, WORDS(NO_WORD, CPUID_7_0_EBX, CPUID_7_ECX,
			       CPUID_7_EDX) },
	{ 0x00000007, 1, WORDS(CPUID_7_1_EAX, NO_WORD, NO_WORD, NO_WORD) },
	{ 0x0000000d, 1, WORDS(CPUID_D_1_EAX, NO_WORD, NO_WORD, NO_WORD) },
	{ 0x80000001, 0, WORDS(NO_WORD, NO_WORD, CPUID_8000_0001_ECX,
			       CPUID_8000_0001_EDX) },
	{ 0x80000007, 0, WORDS(NO_WORD, CPUID_8000_0007_EBX, NO_WORD,
			       NO_WORD) },
	{ 0x80000008, 0, WORDS(NO_WORD, CPUID_8000_0008_EBX, NO_WORD,
			       NO_WORD) },
	{ 0x8000000a, 0, WORDS(NO_WORD, NO_WORD, NO_WORD,
			       CPUID_8000_000A_EDX) },
	{ 0x8000001f, 0, WORDS(CPUID_8000_001F_EAX, NO_WORD, NO_WORD,
			       NO_WORD) },
	{ 0x80000021, 0, WORDS(CPUID_8000_0021_EAX, NO_WORD, NO_WORD,
			       NO_WORD) },
};

static const struct {
	char	id[13];
	u8	vendor;
} vendors[] = {
	{ "GenuineIntel", X86_VENDOR_INTEL },
	{ "AuthenticAMD", X86_VENDOR_AMD },
	{ "HygonGenuine", X86_VENDOR_HYGON },
	{ "CentaurHauls", X86_VENDOR_CENTAUR },
	{ "  Shanghai  ", X86_VENDOR_ZHAOXIN },
};

static void identify_vendor(struct cpuinfo_x86 *c)
{
	u32 *id = (u32 *)c->x86_vendor_id;
	unsigned int i;

	cpuid(0, (u32 *)&c->cpuid_level, &id[0], &id[2], &id[1]);
	c->x86_vendor = X86_VENDOR_UNKNOWN;
	for (i = 0; i < ARRAY_SIZE(vendors); i++)
		if (!strcmp(c->x86_vendor_id, vendors[i].id))
			c->x86_vendor = vendors[i].vendor;
}

/* Intel SDM Vol. 2, CPUID, Figure 3-6; AMD reads the same */
static void identify_model(struct cpuinfo_x86 *c)
{
	u32 eax, ebx, ecx, edx;

	cpuid(1, &eax, &ebx, &ecx, &edx);
	c->x86 = (eax >> 8) & 0xf;
	c->x86_model = (eax >> 4) & 0xf;
	c->x86_stepping = eax & 0xf;
	if (c->x86 == 0xf)
		c->x86 += (eax >> 20) & 0xff;
	if (c->x86 >= 6)
		c->x86_model += ((eax >> 16) & 0xf) << 4;

	c->x86_clflush_size = ((ebx >> 8) & 0xff) * 8;
	c->x86_cache_alignment = c->x86_clflush_size;
	c->topo.initial_apicid = ebx >> 24;
	c->topo.apicid = c->topo.initial_apicid;
}

static void identify_name(struct cpuinfo_x86 *c)
{
	u32 *name = (u32 *)c->x86_model_id;
	char *start;
	u32 leaf;

	if (c->extended_cpuid_level < 0x80000004)
		return;
	for (leaf = 0x80000002; leaf <= 0x80000004; leaf++, name += 4)
		cpuid(leaf, &name[0], &name[1], &name[2], &name[3]);
	c->x86_model_id[48] = 0;
	start = strim(c->x86_model_id);
	memmove(c->x86_model_id, start, strlen(start) + 1);
}

static void identify_sizes(struct cpuinfo_x86 *c)
{
	u32 eax, ebx, ecx, edx;

	c->x86_phys_bits = 36;
	c->x86_virt_bits = 48;
	if (c->extended_cpuid_level >= 0x80000008) {
		eax = cpuid_eax(0x80000008);
		c->x86_phys_bits = eax & 0xff;
		c->x86_virt_bits = (eax >> 8) & 0xff;
	}
	if (c->extended_cpuid_level >= 0x80000006) {
		cpuid(0x80000006, &eax, &ebx, &ecx, &edx);
		c->x86_cache_size = ecx >> 16;
	}
	if (c->extended_cpuid_level >= 0x80000007)
		c->x86_power = cpuid_edx(0x80000007);
}

static bool leaf_exists(const struct cpuinfo_x86 *c, u32 leaf)
{
	if (leaf & 0x80000000)
		return leaf <= c->extended_cpuid_level;
	return (int)leaf <= c->cpuid_level;
}

static void read_features(struct cpuinfo_x86 *c)
{
	const struct cpuid_leaf *l = cpuid_leaves;
	const struct cpuid_leaf *end = l + ARRAY_SIZE(cpuid_leaves);
	u32 reg[4];
	int i;

	for (; l < end; l++) {
		if (!leaf_exists(c, l->leaf))
			continue;
		cpuid_count(l->leaf, l->subleaf, &reg[0], &reg[1], &reg[2],
			    &reg[3]);
		for (i = 0; i < 4; i++)
			if (l->word[i] != NO_WORD)
				c->x86_capability[l->word[i]] = reg[i];
	}
}

static void add_amd_features(struct cpuinfo_x86 *c)
{
	set_cpu_cap(c, X86_FEATURE_VMMCALL);
	set_cpu_bug(c, X86_BUG_SYSRET_SS_ATTRS);
	if (!cpu_has(c, X86_FEATURE_NULL_SEL_CLR_BASE))
		set_cpu_bug(c, X86_BUG_NULL_SEG);
	if (!cpu_has(c, X86_FEATURE_XSAVEERPTR))
		set_cpu_bug(c, X86_BUG_FXSAVE_LEAK);
}

/*
 * What Linux derives.  LFENCE waits for earlier loads on Intel, and on AMD
 * because the host's Linux has set it up so; fast string instructions came
 * before FSGSBASE, which is required.
 */
static void add_features(struct cpuinfo_x86 *c)
{
	bool amd = c->x86_vendor == X86_VENDOR_AMD ||
		   c->x86_vendor == X86_VENDOR_HYGON;

	set_cpu_cap(c, X86_FEATURE_ALWAYS);
	set_cpu_cap(c, X86_FEATURE_CPUID);
	set_cpu_cap(c, X86_FEATURE_NOPL);
	set_cpu_cap(c, X86_FEATURE_REP_GOOD);
	set_cpu_cap(c, X86_FEATURE_LFENCE_RDTSC);
	set_cpu_cap(c, X86_FEATURE_TSC_KNOWN_FREQ);
	if (c->x86_power & BIT(8)) {
		set_cpu_cap(c, X86_FEATURE_CONSTANT_TSC);
		set_cpu_cap(c, X86_FEATURE_NONSTOP_TSC);
	}
	if (amd)
		add_amd_features(c);
	else
		set_cpu_cap(c, X86_FEATURE_APIC_MSRS_FENCE);

	set_cpu_bug(c, X86_BUG_SPECTRE_V1);
	set_cpu_bug(c, X86_BUG_SPECTRE_V2);
}

/*
 * What this kernel cannot use must not be patched in, nor promised in
 * /proc/cpuinfo.  OSPKE comes back with CR4.PKE.
 */
static void remove_features(struct cpuinfo_x86 *c)
{
	static const u16 unsupported[] = {
		X86_FEATURE_BPEXT, X86_FEATURE_LA57, X86_FEATURE_OSPKE,
		X86_FEATURE_XFD,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(unsupported); i++)
		clear_cpu_cap(c, unsupported[i]);
}

static void apply_forced_caps(struct cpuinfo_x86 *c)
{
	int i;

	for (i = 0; i < NCAPINTS + NBUGINTS; i++) {
		c->x86_capability[i] &= ~cpu_caps_cleared[i];
		c->x86_capability[i] |= cpu_caps_set[i];
	}
}

void identify_cpu(struct cpuinfo_x86 *c)
{
	memset(c, 0, sizeof(*c));
	identify_vendor(c);
	c->extended_cpuid_level = cpuid_eax(0x80000000);
	identify_model(c);
	identify_name(c);
	identify_sizes(c);
	read_features(c);
	add_features(c);
	remove_features(c);
	apply_forced_caps(c);
}

/* The shim refuses a host without these; this is for a shim that does not */
void check_required_features(const struct cpuinfo_x86 *c)
{
	static const struct {
		u16		bit;
		const char	*name;
	} required[] = {
		{ X86_FEATURE_FSGSBASE, "FSGSBASE" },
		{ X86_FEATURE_SMEP, "SMEP" },
		{ X86_FEATURE_XSAVE, "XSAVE" },
		{ X86_FEATURE_NX, "NX" },
		{ X86_FEATURE_X2APIC, "X2APIC" },
		{ X86_FEATURE_TSC_DEADLINE_TIMER, "TSC_DEADLINE" },
		{ X86_FEATURE_SYSCALL, "SYSCALL" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(required); i++)
		if (!test_cpu_cap(c, required[i].bit))
			panic("CPU feature %s is required", required[i].name);
}
