/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before kgdb.c of arch/x86.  Other CPUs are stopped by generic code,
 * with an IPI, because the machine has no NMI; and kernel memory has no hardware
 * breakpoints (hw_breakpoint_glue.h), so none are offered or prepared.
 */
#include <linux/kgdb.h>
#include <asm/nmi.h>

#undef KGDB_HW_BREAKPOINT
#define KGDB_HW_BREAKPOINT	0

#define kgdb_arch_late		x86_kgdb_arch_late
#define kgdb_roundup_cpus	x86_kgdb_roundup_cpus

void x86_kgdb_arch_late(void);
void x86_kgdb_roundup_cpus(void);

#define apic_send_IPI_allbutself(...)		do { } while (0)

#undef register_nmi_handler
#define register_nmi_handler(type, handler, ...) \
	((void)(type), (void)(handler), 0)
#define unregister_nmi_handler(...)		do { } while (0)
