/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_SIGNALS_H
#define HOST_SIGNALS_H

#include "vm.h"

/* From here on signals wait until somebody reads them. */
void signals_block(bool dump);

/* Back to what they do by default. */
void signals_unblock(void);

/* The main thread's life while the guest runs: returns at the guest's end. */
void signals_wait_end(struct vm *vm);

#endif /* HOST_SIGNALS_H */
