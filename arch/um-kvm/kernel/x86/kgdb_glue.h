/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before kgdb.c of arch/x86.  How other CPUs are stopped is the port's
 * affair (kernel/kgdb.c); and kernel memory has no hardware breakpoints
 * (hw_breakpoint_glue.h), so none are offered or prepared.
 */
#include <linux/kgdb.h>
#include <asm/nmi.h>
#include <asm/smp.h>

#undef KGDB_HW_BREAKPOINT
#define KGDB_HW_BREAKPOINT	0

#define kgdb_arch_late		x86_kgdb_arch_late

void x86_kgdb_arch_late(void);

#define apic_send_IPI_allbutself(...)		kgdb_stop_others()

#undef register_nmi_handler
#define register_nmi_handler(type, handler, ...) \
	((void)(type), (void)(handler), 0)
#define unregister_nmi_handler(...)		do { } while (0)
