/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_GDB_WATCH_H
#define HOST_GDB_WATCH_H

#include "gdb_stop.h"

/* By gdb's number in Z packets. */
enum gdb_watch_type { GDB_HW_EXEC = 1, GDB_HW_WRITE, GDB_HW_READ, GDB_HW_ACCESS };

void gdb_watch_init(void);
/* False: only what gdb_break.h offers works on this host. */
bool gdb_watch_works(void);

/*
 * All vCPUs are held.  0 or a negated errno: -ENOSPC: all are in use; -EINVAL:
 * size or alignment; -ENOTSUP: not on this host.
 */
int gdb_watch_insert(enum gdb_watch_type type, u64 addr, u64 len);
void gdb_watch_remove(enum gdb_watch_type type, u64 addr, u64 len);
void gdb_watch_clear(void);

/* The vCPU is held: what is to stop it from now on, a step as well or not. */
void gdb_watch_arm(struct vcpu *cpu, bool step);
/* On the vCPU's thread, after KVM_EXIT_DEBUG: what it was. */
struct gdb_why gdb_watch_why(const struct vcpu *cpu);

#endif /* HOST_GDB_WATCH_H */
