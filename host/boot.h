/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_BOOT_H
#define HOST_BOOT_H

#include "file.h"
#include "loader.h"
#include "mem.h"
#include "vm.h"

#define BOOT_INITRDS	8

/* All that a boot needs, opened and checked before the first one. */
struct boot {
	struct kernel_image kernel;
	unsigned int nr_initrds;
	struct file initrds[BOOT_INITRDS];
	u64 initrd_len;
	const char *cmdline;
	u32 watchdog;		/* seconds, 0: none */
};

/* @list is FILE[,FILE...]; it is cut up in place. */
void boot_open_initrds(struct boot *boot, char *list);

/* The least mem= that has room for kernel and initrd. */
u64 boot_mem_needed(const struct boot *boot);

/* Fills fresh guest memory: what UMKVM's entry contract promises. */
void boot_load(const struct boot *boot, struct vm *vm);

#endif /* HOST_BOOT_H */
