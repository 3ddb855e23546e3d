/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before cpu/proc.c of arch/x86: keeps out the decoder of hardware
 * topology, which the file includes and does not use.
 */
#define ARCH_X86_TOPOLOGY_H
#include <asm/nospec-branch.h>

struct topo_scan;
