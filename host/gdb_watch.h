/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_GDB_WATCH_H
#define HOST_GDB_WATCH_H

#include "gdb_stop.h"

/* By gdb's number in Z packets. */
enum gdb_watch_type { GDB_HW_EXEC = 1, GDB_HW_WRITE, GDB_HW_READ, GDB_HW_ACCESS };

void gdb_watch_init(void);
/* By the debug registers, which can stop before an instruction as well. */
bool gdb_watch_by_cpu(void);

/*
 * All vCPUs are held.  0 or a negated errno: -ENOSPC: all are in use; -EINVAL:
 * size or alignment; -ENOTSUP: not on this host; -EFAULT: not mapped.
 */
int gdb_watch_insert(const struct vcpu *cpu, enum gdb_watch_type type,
		     u64 addr, u64 len);
void gdb_watch_remove(const struct vcpu *cpu, enum gdb_watch_type type,
		      u64 addr, u64 len);
void gdb_watch_clear(struct vm *vm);

/* The vCPU is held: what is to stop it from now on, a step as well or not. */
void gdb_watch_arm(struct vcpu *cpu, bool step);
/* On the vCPU's thread, after KVM_EXIT_DEBUG: what it was. */
struct gdb_why gdb_watch_why(const struct vcpu *cpu);

/*
 * On the vCPU's thread, after KVM_EXIT_MMIO.  False: it was no write to RAM;
 * otherwise it is done, and @why has the place if one is watched there.
 */
bool gdb_watch_mmio(struct vcpu *cpu, struct gdb_why *why);

#endif /* HOST_GDB_WATCH_H */
