// SPDX-License-Identifier: GPL-2.0
/*
 * panic: ends with a message, as a kernel that cannot go on.
 */
#include "guest.h"

static const char message[] = "bare guest: no \033[2J way on";

void guest_main(const struct umkvm_boot *boot)
{
	(void)boot;
	call(UMKVM_CALL_STOP, UMKVM_STOP_PANIC, 0, gpa_of(message),
	     sizeof(message) - 1, 0);
}
