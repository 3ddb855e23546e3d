// SPDX-License-Identifier: GPL-2.0
/*
 * The CPUID filter: what is hidden stays hidden, what is left is consistent.
 */
#include <string.h>

#include "cpu.h"
#include "unit.h"

static struct cpuid_table table;

static struct kvm_cpuid_entry2 *leaf(u32 function, u32 index)
{
	u32 i;

	for (i = 0; i < table.head.nent; i++) {
		if (table.entries[i].function == function &&
		    table.entries[i].index == index)
			return &table.entries[i];
	}
	return NULL;
}

static struct kvm_cpuid_entry2 *add(u32 function, u32 index, u32 value)
{
	struct kvm_cpuid_entry2 *entry = &table.entries[table.head.nent++];

	*entry = (struct kvm_cpuid_entry2){
		.function = function, .index = index,
		.eax = value, .ebx = value, .ecx = value, .edx = value,
	};
	return entry;
}

/* A CPU that can do everything. */
static int set_up(void **state)
{
	struct kvm_cpuid_entry2 *xsave;
	u32 i;

	(void)state;
	memset(&table, 0, sizeof(table));
	add(0x1, 0, ~0U);
	add(0x4, 0, ~0U);
	add(0x5, 0, ~0U);
	add(0x7, 0, ~0U);
	add(0x7, 1, ~0U);
	add(0xa, 0, ~0U);
	xsave = add(0xd, 0, 0);
	xsave->eax = 0x602e7;
	xsave->ecx = 11000;
	add(0xd, 1, ~0U);
	for (i = 2; i < 19; i++) {
		struct kvm_cpuid_entry2 *part = add(0xd, i, 0);

		part->eax = 64;
		part->ebx = 576 + 64 * i;
	}
	add(0x80000001, 0, ~0U);
	add(0x80000008, 0, 0x3028);
	return 0;
}

static void features_are_hidden(void **state)
{
	(void)state;
	cpu_filter(&table, 1);
	assert_false(leaf(0x1, 0)->ecx & 1 << 3);	/* MONITOR */
	assert_false(leaf(0x1, 0)->ecx & 1 << 5);	/* VMX */
	assert_false(leaf(0x7, 0)->ecx & 1 << 16);	/* LA57 */
	assert_false(leaf(0x7, 0)->ecx & 1 << 7);	/* SHSTK */
	assert_false(leaf(0x7, 0)->edx & 1 << 20);	/* IBT */
	assert_false(leaf(0x7, 0)->edx & 1 << 24);	/* AMX-TILE */
	assert_false(leaf(0x7, 1)->eax & 1 << 26);	/* LAM */
	assert_int_equal(leaf(0xa, 0)->eax, 0);		/* PMU */
	assert_false(leaf(0x80000001, 0)->ecx & 1 << 2);	/* SVM */
	assert_true(leaf(0x7, 0)->ebx & 1 << 0);	/* FSGSBASE stays */
}

static void emulated_features_are_shown(void **state)
{
	(void)state;
	leaf(0x1, 0)->ecx = 0;
	cpu_filter(&table, 1);
	assert_int_equal(leaf(0x1, 0)->ecx, 1U << 21 | 1U << 24 | 1U << 31);
}

static void xsave_shrinks_with_its_parts(void **state)
{
	(void)state;
	cpu_filter(&table, 1);
	assert_int_equal(leaf(0xd, 0)->eax, 0x2e7);
	assert_int_equal(leaf(0xd, 17)->eax, 0);
	assert_int_equal(leaf(0xd, 18)->ebx, 0);
	assert_int_equal(leaf(0xd, 9)->eax, 64);
	assert_int_equal(leaf(0xd, 0)->ecx, 576 + 64 * 9 + 64);
	assert_int_equal(leaf(0xd, 1)->ecx, 0);
}

static void topology_is_flat(void **state)
{
	(void)state;
	cpu_filter(&table, 4);
	assert_int_equal(leaf(0x1, 0)->ebx >> 16 & 0xff, 4);
	assert_int_equal(leaf(0xb, 0)->ebx, 1);
	assert_int_equal(leaf(0xb, 1)->ebx, 4);
	assert_int_equal(leaf(0xb, 1)->eax, 2);
	assert_int_equal(leaf(0x80000008, 0)->ecx, 2 << 12 | 3);
	assert_int_equal(cpu_phys_bits(&table), 0x28);
}

static void needed_features_are_named(void **state)
{
	static const struct {
		u32 function;
		size_t reg;
		u32 bit;
		const char *name;
	} needed[] = {
		{ 0x7, offsetof(struct kvm_cpuid_entry2, ebx), 1 << 0, "FSGSBASE" },
		{ 0x7, offsetof(struct kvm_cpuid_entry2, ebx), 1 << 7, "SMEP" },
		{ 0x1, offsetof(struct kvm_cpuid_entry2, ecx), 1 << 26, "XSAVE" },
		{ 0x80000001, offsetof(struct kvm_cpuid_entry2, edx), 1 << 20, "NX" },
	};
	size_t i;

	cpu_filter(&table, 1);
	assert_false(DIES(cpu_require(&table)));
	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		u32 *reg;

		set_up(state);
		reg = (u32 *)((u8 *)leaf(needed[i].function, 0) + needed[i].reg);
		*reg &= ~needed[i].bit;
		cpu_filter(&table, 1);
		assert_true(DIES(cpu_require(&table)));
		assert_non_null(strstr(harness_message, needed[i].name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(features_are_hidden, set_up),
		cmocka_unit_test_setup(emulated_features_are_shown, set_up),
		cmocka_unit_test_setup(xsave_shrinks_with_its_parts, set_up),
		cmocka_unit_test_setup(topology_is_flat, set_up),
		cmocka_unit_test_setup(needed_features_are_named, set_up),
	};

	return cmocka_run_group_tests_name("cpu", tests, NULL, NULL);
}
