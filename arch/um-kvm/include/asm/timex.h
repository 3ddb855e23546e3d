/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_UM_KVM_TIMEX_H
#define _ASM_UM_KVM_TIMEX_H

#include <asm/tsc.h>

static inline unsigned long random_get_entropy(void)
{
	return get_cycles();
}
#define random_get_entropy random_get_entropy

/* generic code only divides by it; there is no PIT here */
#define CLOCK_TICK_RATE		1193182ul

#endif
