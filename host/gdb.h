/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_GDB_H
#define HOST_GDB_H

#include "end.h"
#include "vcpu.h"

#define GDB_DEFAULT_PORT	1234

/* options_gdb.c: --gdb[=[PORT|PATH|-][,wait]] */
struct gdb_options {
	bool on;
	bool wait;		/* for a debugger, before the first instruction */
	u16 port;
	bool stdio;
	const char *path;	/* a unix socket, or NULL */
	const char *value;	/* for messages */
};

/*
 * Before anything is written: with "-", standard input and output are the
 * debugger's from here on, and all else gets /dev/null and standard error.
 */
void gdb_take_stdio(const struct gdb_options *opts);

/* Listens and starts the debugger's thread; @entry: see gdb_break.h. */
void gdb_init(struct vm *vm, const struct gdb_options *opts, u64 entry);

/* A kernel is loaded; the first vCPU is started; the machine goes away. */
void gdb_boot(void);
void gdb_booted(void);
void gdb_boot_over(void);

/* Tells the debugger, within a second, how the guest ended. */
void gdb_goodbye(const struct end *end);

/*
 * On a vCPU's thread.  Each may stop the machine, and none costs anything
 * until a debugger asks for what leads here.
 */
/* An OUT to a port that is not ours; false: it was no breakpoint. */
bool gdb_on_port(struct vcpu *cpu);
/* KVM_EXIT_DEBUG */
void gdb_on_debug(struct vcpu *cpu);
/* The guest is about to end: returns when the debugger lets it. */
void gdb_on_fatal(struct vcpu *cpu, int signal);

#endif /* HOST_GDB_H */
