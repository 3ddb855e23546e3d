/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_STATS_H
#define HOST_STATS_H

#include "vm.h"

/* Lines "stats: key: value" on stderr: KVM's counters and the shim's own. */
void stats_print(struct vm *vm);

#endif /* HOST_STATS_H */
