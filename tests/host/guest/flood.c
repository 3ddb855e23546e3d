// SPDX-License-Identifier: GPL-2.0
/*
 * flood: prints for ever.
 */
#include "guest.h"

void guest_main(const struct umkvm_boot *boot)
{
	(void)boot;
	for (;;)
		print("there is no end to what this guest has to say ...\n");
}
