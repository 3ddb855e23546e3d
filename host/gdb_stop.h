/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_GDB_STOP_H
#define HOST_GDB_STOP_H

#include "vcpu.h"

enum gdb_cause { GDB_SIGNAL, GDB_SWBREAK, GDB_HWBREAK, GDB_WATCH };

/* Why the machine stands: the first reason of all CPUs' at that time. */
struct gdb_why {
	unsigned int cpu;
	int signal;		/* gdb's number: that of x86-64 Linux up to 15 */
	enum gdb_cause cause;
	u64 addr;		/* of GDB_WATCH */
};

enum gdb_action { GDB_STAY, GDB_CONTINUE, GDB_STEP };

/* @event is signalled when a vCPU has stopped the machine. */
void gdb_stop_init(struct vm *vm, int event);

/* A debugger comes or goes.  Without one nothing ever stops. */
void gdb_stop_attach(bool attached);
bool gdb_attached(void);

/*
 * Stops all vCPUs; may be called on any thread, and returns at once.  False:
 * another reason came first, and is not told yet.
 */
bool gdb_stop(const struct gdb_why *why);
/* True while the machine stands, or is about to. */
bool gdb_stopped(void);

/* Until all of them stand; from then on their registers can be changed. */
struct gdb_why gdb_stop_wait(void);
/* One action for each vCPU. */
void gdb_resume(const enum gdb_action actions[UMKVM_CPUS_MAX]);
/* Until the debugger, if it has stopped the machine, lets it go. */
void gdb_stop_wait_resumed(void);

#endif /* HOST_GDB_STOP_H */
