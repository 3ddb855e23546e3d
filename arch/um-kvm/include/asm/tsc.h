/* SPDX-License-Identifier: GPL-2.0 */
/* The time stamp counter: its rate comes from struct umkvm_boot */
#ifndef _ASM_UM_KVM_TSC_H
#define _ASM_UM_KVM_TSC_H

#include <asm/msr.h>

typedef unsigned long long cycles_t;

extern unsigned int tsc_khz;

/* not ordered with other instructions; rdtsc_ordered() is */
static inline cycles_t get_cycles(void)
{
	return rdtsc();
}
#define get_cycles get_cycles

#endif
