// SPDX-License-Identifier: GPL-2.0
/*
 * GDT, TSS and IDT: owns the tables and loads them.  One GDT and TSS per CPU,
 * one IDT for all, filled once, before the first exception can come.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/percpu.h>
#include <asm/desc.h>
#include <asm/irq_vectors.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/traps.h>

#define CODE64(dpl)	GDT_ENTRY_INIT(DESC_CODE64 | (dpl), 0, 0xfffff)
#define DATA64(dpl)	GDT_ENTRY_INIT(DESC_DATA64 | (dpl), 0, 0xfffff)
#define CODE32(dpl)	GDT_ENTRY_INIT(DESC_CODE32 | (dpl), 0, 0xfffff)

/*
 * The order is SYSRET's: 32-bit code, data and 64-bit code of ring 3 follow
 * each other (MSR_STAR, kernel/cpu.c).  32-bit code segments exist because
 * SYSCALL and SYSRET name them.
 */
DEFINE_PER_CPU_PAGE_ALIGNED(struct gdt_page, gdt_page) = { .gdt = {
	[GDT_ENTRY_KERNEL32_CS]		= CODE32(0),
	[GDT_ENTRY_KERNEL_CS]		= CODE64(0),
	[GDT_ENTRY_KERNEL_DS]		= DATA64(0),
	[GDT_ENTRY_DEFAULT_USER32_CS]	= CODE32(DESC_USER),
	[GDT_ENTRY_DEFAULT_USER_DS]	= DATA64(DESC_USER),
	[GDT_ENTRY_DEFAULT_USER_CS]	= CODE64(DESC_USER),
} };
EXPORT_PER_CPU_SYMBOL_GPL(gdt_page);

DEFINE_PER_CPU(struct tss_struct, cpu_tss_rw) = {
	.io_bitmap_base = TSS_NO_IO_BITMAP,
};

DEFINE_PER_CPU_PAGE_ALIGNED(u8[IST_STACKS][IST_STACK_SIZE], ist_stacks);

gate_desc idt_table[NR_VECTORS] __page_aligned_bss;

static void init_tss(int cpu, struct tss_struct *tss)
{
	unsigned int i;

	for (i = 0; i < IST_STACKS; i++)
		tss->ist[i] = (unsigned long)per_cpu(ist_stacks, cpu)[i] +
			      IST_STACK_SIZE;
}

static void set_tss_descriptor(struct desc_struct *gdt, unsigned long base)
{
	tss_desc *desc = (tss_desc *)&gdt[GDT_ENTRY_TSS];

	*desc = (tss_desc) {
		.limit0	= sizeof(struct tss_struct) - 1,
		.base0	= base,
		.base1	= base >> 16,
		.base2	= base >> 24,
		.base3	= base >> 32,
		.type	= DESC_TSS,
		.p	= 1,
	};
}

/* LSL of this descriptor gives node and CPU number, to ring 3 too (vDSO) */
static void set_cpunode_descriptor(struct desc_struct *gdt, int cpu)
{
	struct desc_struct d = GDT_ENTRY_INIT(DESC_DATA32 | DESC_USER, 0, 0);
	u32 limit = vdso_encode_cpunode(cpu, 0);

	d.limit0 = limit;
	d.limit1 = limit >> 16;
	d.g = 0;
	gdt[GDT_ENTRY_CPUNODE] = d;
}

void load_descriptors(int cpu)
{
	struct desc_struct *gdt = get_cpu_gdt_rw(cpu);
	struct tss_struct *tss = &per_cpu(cpu_tss_rw, cpu);
	struct desc_ptr gdtr = { GDT_SIZE - 1, (unsigned long)gdt };
	struct desc_ptr idtr = { sizeof(idt_table) - 1,
				 (unsigned long)idt_table };

	init_tss(cpu, tss);
	set_tss_descriptor(gdt, (unsigned long)tss);
	set_cpunode_descriptor(gdt, cpu);

	asm volatile("lgdt %0" : : "m" (gdtr));
	asm volatile("lidt %0" : : "m" (idtr));
	/* the same selectors as at entry; null where nothing is needed */
	loadsegment(ds, 0);
	loadsegment(es, 0);
	loadsegment(ss, __KERNEL_DS);
	/* there is no LDT: a selector that names it is #GP, never a load */
	asm volatile("lldt %w0" : : "q" (0));
	asm volatile("ltr %w0" : : "q" (GDT_ENTRY_TSS * 8));
}

struct gate_init {
	u8		vector;
	const char	*addr;
	u8		ist;
	u8		dpl;
};

/* entry/entry_64.S */
extern char asm_exc_divide_error[], asm_exc_debug[], asm_exc_nmi[];
extern char asm_exc_int3[], asm_exc_overflow[], asm_exc_bounds[];
extern char asm_exc_invalid_op[], asm_exc_device_not_available[];
extern char asm_exc_double_fault[], asm_exc_coproc_segment_overrun[];
extern char asm_exc_invalid_tss[], asm_exc_segment_not_present[];
extern char asm_exc_stack_segment[], asm_exc_general_protection[];
extern char asm_exc_page_fault[], asm_exc_coprocessor_error[];
extern char asm_exc_alignment_check[], asm_exc_machine_check[];
extern char asm_exc_simd_error[], asm_exc_unknown[], asm_exc_unknown_error[];
extern char irq_entries_start[];

/* Ring 3 may raise INT3 and INTO by instruction, nothing else */
static const struct gate_init exception_gates[] __initconst = {
	{ X86_TRAP_DE, asm_exc_divide_error },
	{ X86_TRAP_DB, asm_exc_debug, IST_DB },
	{ X86_TRAP_NMI, asm_exc_nmi, IST_NMI },
	{ X86_TRAP_BP, asm_exc_int3, 0, 3 },
	{ X86_TRAP_OF, asm_exc_overflow, 0, 3 },
	{ X86_TRAP_BR, asm_exc_bounds },
	{ X86_TRAP_UD, asm_exc_invalid_op },
	{ X86_TRAP_NM, asm_exc_device_not_available },
	{ X86_TRAP_DF, asm_exc_double_fault, IST_DF },
	{ X86_TRAP_OLD_MF, asm_exc_coproc_segment_overrun },
	{ X86_TRAP_TS, asm_exc_invalid_tss },
	{ X86_TRAP_NP, asm_exc_segment_not_present },
	{ X86_TRAP_SS, asm_exc_stack_segment },
	{ X86_TRAP_GP, asm_exc_general_protection },
	{ X86_TRAP_PF, asm_exc_page_fault },
	{ X86_TRAP_SPURIOUS, asm_exc_unknown },
	{ X86_TRAP_MF, asm_exc_coprocessor_error },
	{ X86_TRAP_AC, asm_exc_alignment_check },
	{ X86_TRAP_MC, asm_exc_machine_check, IST_MC },
	{ X86_TRAP_XF, asm_exc_simd_error },
	{ X86_TRAP_VE, asm_exc_unknown },
	{ X86_TRAP_CP, asm_exc_unknown_error },
};

static void __init set_gate(unsigned int vector, unsigned long addr,
			    unsigned int ist, unsigned int dpl)
{
	idt_table[vector] = (gate_desc) {
		.offset_low	= addr,
		.segment	= __KERNEL_CS,
		.bits		= {
			.ist	= ist,
			.type	= GATE_INTERRUPT,
			.dpl	= dpl,
			.p	= 1,
		},
		.offset_middle	= addr >> 16,
		.offset_high	= addr >> 32,
	};
}

void __init idt_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(exception_gates); i++) {
		const struct gate_init *g = &exception_gates[i];

		set_gate(g->vector, (unsigned long)g->addr, g->ist, g->dpl);
	}
	for (i = FIRST_EXTERNAL_VECTOR; i < NR_VECTORS; i++)
		set_gate(i, (unsigned long)irq_entries_start +
			    16 * (i - FIRST_EXTERNAL_VECTOR), 0, 0);
}
