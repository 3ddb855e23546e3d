/* SPDX-License-Identifier: GPL-2.0 */
/* Boot-time interface between the files of this port */
#ifndef _ASM_UM_KVM_SETUP_H
#define _ASM_UM_KVM_SETUP_H

#include <uapi/asm/setup.h>

#define COMMAND_LINE_SIZE 2048

#ifndef __ASSEMBLY__

#include <linux/init.h>
#include <asm/pgtable_types.h>
#include <asm/umkvm.h>

/* The shim's words at boot, copied; the seed in it is wiped once used */
extern struct umkvm_boot umkvm_boot;

asmlinkage void __noreturn umkvm_start_kernel(u64 boot_gpa);

/* kernel/time.c, kernel/kvmclock.c */
void __init kvmclock_early_init(void);
void kvmclock_init_cpu(void);
void __init kvmclock_register(void);
void lapic_timer_init_cpu(void);
void lapic_timer_interrupt(void);

/*
 * mm/init.c, of the kernel's page tables, for mm/kasan.c: makes the entry of the
 * highest level; maps whole pages, of 2 MiB where all three numbers allow it.
 */
p4d_t *make_p4d(unsigned long addr);
void __init map_range(unsigned long addr, unsigned long end, phys_addr_t phys,
		      pgprot_t prot);

/* drivers/earlycon.c: after the parameters, "quiet" among them */
void __init early_console_init(void);

#endif
#endif
