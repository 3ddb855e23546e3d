/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_GDB_MEM_H
#define HOST_GDB_MEM_H

#include "vcpu.h"

/*
 * Guest memory as the vCPU's page tables show it, whatever they permit; the
 * vCPU is held.  Returns how many bytes came before the first that is not
 * mapped, or not RAM.
 */
size_t gdb_mem_read(const struct vcpu *cpu, u64 addr, void *to, size_t len);
size_t gdb_mem_write(const struct vcpu *cpu, u64 addr, const void *from,
		     size_t len);

/* The byte at @addr in host memory, and its gpa; NULL: see above. */
u8 *gdb_mem_byte(const struct vcpu *cpu, u64 addr, u64 *gpa);

#endif /* HOST_GDB_MEM_H */
