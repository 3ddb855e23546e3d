/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_DUMP_MAP_H
#define HOST_DUMP_MAP_H

#include <elf.h>

#include "mem.h"

/* Program headers of a dump at most; a kernel needs some hundreds. */
#define DUMP_PHDRS	16384

/*
 * Fills in PT_LOADs for RAM as the direct map shows it, then for all else that
 * the kernel's page tables map; @offset is where the file has gpa 0.  Returns
 * how many, at most @max.
 */
unsigned int dump_map(const struct guest_ram *ram, u64 offset, Elf64_Phdr *phdrs,
		      unsigned int max);

#endif /* HOST_DUMP_MAP_H */
