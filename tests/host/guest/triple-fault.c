// SPDX-License-Identifier: GPL-2.0
/*
 * triple-fault: an exception without an IDT.
 */
#include "guest.h"

void guest_main(const struct umkvm_boot *boot)
{
	(void)boot;
	__asm__ __volatile__("ud2");
}
