/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_GDB_BREAK_H
#define HOST_GDB_BREAK_H

#include "vcpu.h"

/* @entry: the kernel's first instruction, see gdb_break.c */
void gdb_break_init(struct vm *vm, u64 entry);

/*
 * As @cpu sees the address; all vCPUs are held.  0 or a negated errno: -EFAULT:
 * not mapped, -ENOSPC: too many, -EAGAIN: a program's, before the kernel has
 * its interrupt table.
 */
int gdb_break_insert(const struct vcpu *cpu, u64 addr);
void gdb_break_remove(u64 addr);
void gdb_break_clear(void);

/* @bytes were read from, or will be written to, memory with breakpoints. */
void gdb_break_hide(u64 addr, u8 *bytes, size_t len);
void gdb_break_keep(u64 addr, u8 *bytes, size_t len);

/* Memory is as the kernel's file says, after a boot: the kernel's again. */
void gdb_break_reload(void);

enum gdb_hit {
	GDB_NO_HIT,	/* the guest's own doing */
	GDB_HIT,	/* the vCPU's RIP is back at the breakpoint */
	GDB_PASSED_ON,	/* a program's INT3, which the kernel gets now */
};

/* On the vCPU's thread, after an OUT to a port that is not ours. */
enum gdb_hit gdb_break_hit(struct vcpu *cpu);

#endif /* HOST_GDB_BREAK_H */
