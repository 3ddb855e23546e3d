/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_PROBE_H
#define HOST_PROBE_H

#include <stdbool.h>

/* --probe: one line on standard output; 0 if this host will do, else 1. */
int probe_host(void);

/* Does KVM_SET_GUEST_DEBUG's use of debug registers work?  For --gdb, once. */
bool probe_debug_registers(void);

#endif /* HOST_PROBE_H */
