/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_VMCOREINFO_H
#define HOST_VMCOREINFO_H

#include <asm/umkvm.h>

#include "mem.h"

/* UMKVM_CALL_VMCOREINFO, with a gpa and a length; false: not in RAM. */
bool vmcoreinfo_set(const struct guest_ram *ram, u64 gpa, u64 len);
/* A restart: the next kernel may be another one. */
void vmcoreinfo_clear(void);

/* The lines as they came, at most UMKVM_VMCOREINFO_MAX bytes; 0: none. */
size_t vmcoreinfo_copy(void *to);
/* @name as in "SYMBOL(prb)" or "OFFSET(list_head.next)"; false: no such line. */
bool vmcoreinfo_get(const char *name, u64 *value);

/* Memory by an address in the kernel's image or in the direct map. */
bool vmcoreinfo_read(const struct guest_ram *ram, u64 addr, void *to, size_t len);

#endif /* HOST_VMCOREINFO_H */
