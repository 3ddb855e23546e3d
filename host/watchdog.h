/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_WATCHDOG_H
#define HOST_WATCHDOG_H

#include "util.h"

void watchdog_init(void);

/*
 * The guest has @seconds from now to call this again; 0: for ever.  From any
 * thread.  -EINVAL: more than UMKVM_WATCHDOG_MAX.
 */
int watchdog_set(u64 seconds);

#endif /* HOST_WATCHDOG_H */
