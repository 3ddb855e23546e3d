/* SPDX-License-Identifier: GPL-2.0 */
/* arch/x86's topology.h describes hardware that is not here: use the generic one */
#include <asm-generic/topology.h>
