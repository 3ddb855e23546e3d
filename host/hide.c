// SPDX-License-Identifier: GPL-2.0
/*
 * --hide-kvm: offers of KVM that the guest is not to see, as on a host whose
 * KVM does not have them.  For tests of the ways that the kernel then takes.
 */
#include <asm/kvm_para.h>
#include <string.h>

#include "die.h"
#include "hide.h"

static const struct {
	const char *name;
	u32 bits;
} offers[] = {
	{ "steal-time", 1U << KVM_FEATURE_STEAL_TIME },
	{ "pv-eoi", 1U << KVM_FEATURE_PV_EOI },
	{ "pv-unhalt", 1U << KVM_FEATURE_PV_UNHALT },
	{ "pv-tlb-flush", 1U << KVM_FEATURE_PV_TLB_FLUSH },
	{ "pv-ipi", 1U << KVM_FEATURE_PV_SEND_IPI },
	{ "poll-control", 1U << KVM_FEATURE_POLL_CONTROL },
	{ "sched-yield", 1U << KVM_FEATURE_PV_SCHED_YIELD },
	{ "async-pf", 1U << KVM_FEATURE_ASYNC_PF_INT },
	{ "clock-stable", 1U << KVM_FEATURE_CLOCKSOURCE_STABLE_BIT },
	/* all that the kernel can do without: the clock itself stays */
	{ "all", ~(1U << KVM_FEATURE_CLOCKSOURCE2) },
};

u32 hide_parse(char *list)
{
	char *name;
	u32 bits = 0;
	size_t i;

	while ((name = strsep(&list, ","))) {
		for (i = 0; i < ARRAY_SIZE(offers); i++) {
			if (!strcmp(name, offers[i].name))
				break;
		}
		if (i == ARRAY_SIZE(offers))
			die("--hide-kvm=%s: no such offer; see linux(1)", name);
		bits |= offers[i].bits;
	}
	return bits;
}

void hide_features(struct cpuid_table *table, u32 bits)
{
	u32 i;

	for (i = 0; i < table->head.nent; i++) {
		if (table->entries[i].function == KVM_CPUID_FEATURES)
			table->entries[i].eax &= ~bits;
	}
}
