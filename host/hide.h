/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_HIDE_H
#define HOST_HIDE_H

#include "cpu.h"

/* The bits of CPUID leaf KVM_CPUID_FEATURES that "NAME,..." means; or dies. */
u32 hide_parse(char *list);
void hide_features(struct cpuid_table *table, u32 bits);

#endif /* HOST_HIDE_H */
