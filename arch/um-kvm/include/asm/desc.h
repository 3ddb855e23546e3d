/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Descriptor tables: one GDT and one TSS per CPU, one IDT for all.  The
 * selectors are those of arch/x86 (asm/segment.h), because programs see them:
 * in signal frames, in ptrace registers, in the CPU number that LSL returns.
 * There is no LDT and no I/O bitmap.
 */
#ifndef _ASM_UM_KVM_DESC_H
#define _ASM_UM_KVM_DESC_H

#include <asm/desc_defs.h>
#include <asm/segment.h>
#include <asm/page.h>

/* Interrupt stacks, as the hardware counts them (gate field; 0 is none) */
#define IST_DF		1
#define IST_NMI		2
#define IST_DB		3
#define IST_MC		4
#define IST_STACKS	4
#define IST_STACK_SIZE	EXCEPTION_STKSZ

#ifndef __ASSEMBLY__

#include <linux/percpu.h>
#include <linux/smp.h>

/* Intel SDM Vol. 3, Figure 9-11: 64-bit TSS */
struct tss_struct {
	u32	reserved0;
	u64	sp0;
	u64	sp1;
	u64	sp2;
	u64	reserved1;
	u64	ist[7];
	u64	reserved2;
	u16	reserved3;
	u16	io_bitmap_base;
} __packed __aligned(L1_CACHE_BYTES);

/* The CPU masks reads of ports with this: no bitmap, all ports trap */
#define TSS_NO_IO_BITMAP	sizeof(struct tss_struct)

static inline unsigned long get_desc_base(const struct desc_struct *desc)
{
	return desc->base0 | desc->base1 << 16 |
	       (unsigned long)desc->base2 << 24;
}

static inline unsigned long get_desc_limit(const struct desc_struct *desc)
{
	return desc->limit0 | desc->limit1 << 16;
}

static inline void native_store_gdt(struct desc_ptr *gdtr)
{
	asm volatile("sgdt %0" : "=m" (*gdtr));
}

struct gdt_page {
	struct desc_struct gdt[GDT_ENTRIES];
} __aligned(PAGE_SIZE);

DECLARE_PER_CPU_PAGE_ALIGNED(struct gdt_page, gdt_page);
DECLARE_PER_CPU(struct tss_struct, cpu_tss_rw);
/* The stack of IST_x is ist_stacks[IST_x - 1] */
DECLARE_PER_CPU_PAGE_ALIGNED(u8[IST_STACKS][IST_STACK_SIZE], ist_stacks);

extern gate_desc idt_table[];

static inline struct desc_struct *get_cpu_gdt_rw(unsigned int cpu)
{
	return per_cpu(gdt_page, cpu).gdt;
}

/* Where an exception from ring 3 finds its stack */
static inline void load_sp0(unsigned long sp0)
{
	this_cpu_write(cpu_tss_rw.sp0, sp0);
}

/*
 * Loads GDT, TSS and IDT of @cpu, which is the one that executes; interrupts
 * are off.
 */
void load_descriptors(int cpu);

#endif /* __ASSEMBLY__ */
#endif /* _ASM_UM_KVM_DESC_H */
