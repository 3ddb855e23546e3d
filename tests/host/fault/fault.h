/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_HOST_FAULT_H
#define TESTS_HOST_FAULT_H

#include <stdbool.h>

/* Called by fault.S for each call that the shim makes; sets errno if true. */
bool fault_hits(const char *name);

#endif /* TESTS_HOST_FAULT_H */
