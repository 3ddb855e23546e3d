/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where things are in the kernel image.  Virtual minus physical address is
 * LOAD_OFFSET everywhere but in .data..percpu, whose addresses start at 0 so
 * that they are offsets from GS; the shim loads by physical address.
 */
#define LOAD_OFFSET __START_KERNEL_map
#define RUNTIME_DISCARD_EXIT
/* entries of arch/x86's exception table are 12 bytes, its readers want 16 */
#define RO_EXCEPTION_TABLE_ALIGN 16
#define EMITS_PT_NOTE

#include <asm-generic/vmlinux.lds.h>
#include <asm/asm-offsets.h>
#include <asm/cache.h>
#include <asm/orc_lookup.h>
#include <asm/page_types.h>
#include <asm/thread_info.h>

OUTPUT_FORMAT("elf64-x86-64")
OUTPUT_ARCH(i386:x86-64)
ENTRY(startup_64)

jiffies = jiffies_64;
const_pcpu_hot = pcpu_hot;

PHDRS {
	text PT_LOAD FLAGS(5);		/* R_E */
	data PT_LOAD FLAGS(6);		/* RW_ */
	percpu PT_LOAD FLAGS(6);	/* RW_ */
	init PT_LOAD FLAGS(7);		/* RWE */
	note PT_NOTE FLAGS(0);
}

SECTIONS
{
	. = __START_KERNEL;

	.text : AT(ADDR(.text) - LOAD_OFFSET) {
		_text = .;
		_stext = .;
		HEAD_TEXT
		ENTRY_TEXT
		TEXT_TEXT
		SCHED_TEXT
		LOCK_TEXT
		KPROBES_TEXT
		IRQENTRY_TEXT
		SOFTIRQENTRY_TEXT
		STATIC_CALL_TEXT
		*(.text..__x86.*)
		*(.gnu.warning)
	} :text = 0xcccccccc

	. = ALIGN(PAGE_SIZE);
	_etext = .;

	RO_DATA(PAGE_SIZE)

	.data : AT(ADDR(.data) - LOAD_OFFSET) {
		_sdata = .;
		INIT_TASK_DATA(THREAD_SIZE)
		/* the boot stack: pt_regs at its top, as on every task's */
		__top_init_kernel_stack = __end_init_stack - PTREGS_SIZE;
		NOSAVE_DATA
		PAGE_ALIGNED_DATA(PAGE_SIZE)
		CACHELINE_ALIGNED_DATA(L1_CACHE_BYTES)
		DATA_DATA
		CONSTRUCTORS
		READ_MOSTLY_DATA(INTERNODE_CACHE_BYTES)
		_edata = .;
	} :data

	BUG_TABLE

	ORC_UNWIND_TABLE

	/* what the kernel shares with the vDSO; one page, offsets by name */
	. = ALIGN(PAGE_SIZE);
	__vvar_page = .;
	.vvar : AT(ADDR(.vvar) - LOAD_OFFSET) {
		__vvar_beginning = .;
#define EMIT_VVAR(name, offset)				\
		. = __vvar_beginning + offset;		\
		*(.vvar_ ## name)
#include <asm/vvar.h>
#undef EMIT_VVAR
		. = __vvar_beginning + PAGE_SIZE;
	} :data
	. = ALIGN(__vvar_page + PAGE_SIZE, PAGE_SIZE);

	/* freed after boot, up to __init_end */
	. = ALIGN(PAGE_SIZE);
	__init_begin = .;

	PERCPU_VADDR(INTERNODE_CACHE_BYTES, 0, :percpu)

	INIT_TEXT_SECTION(PAGE_SIZE) :init

	.altinstr_aux : AT(ADDR(.altinstr_aux) - LOAD_OFFSET) {
		*(.altinstr_aux)
	}

	INIT_DATA_SECTION(16)

	. = ALIGN(8);
	.altinstructions : AT(ADDR(.altinstructions) - LOAD_OFFSET) {
		__alt_instructions = .;
		*(.altinstructions)
		__alt_instructions_end = .;
	}

	.altinstr_replacement : AT(ADDR(.altinstr_replacement) - LOAD_OFFSET) {
		*(.altinstr_replacement)
	}

	.exit.text : AT(ADDR(.exit.text) - LOAD_OFFSET) {
		EXIT_TEXT
	}

	.exit.data : AT(ADDR(.exit.data) - LOAD_OFFSET) {
		EXIT_DATA
	}

	. = ALIGN(PAGE_SIZE);
	RUNTIME_CONST_VARIABLES
	RUNTIME_CONST(ptr, USER_PTR_MAX)

	. = ALIGN(PAGE_SIZE);
	__init_end = .;

	/* alternative.c frees these itself once no CPU can be added */
	.smp_locks : AT(ADDR(.smp_locks) - LOAD_OFFSET) {
		__smp_locks = .;
		*(.smp_locks)
		. = ALIGN(PAGE_SIZE);
		__smp_locks_end = .;
	}

	.bss : AT(ADDR(.bss) - LOAD_OFFSET) {
		__bss_start = .;
		*(.bss..page_aligned)
		. = ALIGN(PAGE_SIZE);
		*(BSS_MAIN)
		. = ALIGN(PAGE_SIZE);
		__bss_stop = .;
	}

	. = ALIGN(PAGE_SIZE);
	_end = .;

	STABS_DEBUG
	DWARF_DEBUG
	ELF_DETAILS

	DISCARDS

	/* a kernel that needs one of these was not linked at a fixed address */
	.got.plt (INFO) : { *(.got.plt) }
	.got : { *(.got) *(.igot.*) }
	.plt : { *(.plt) *(.plt.*) *(.iplt) }
	.rel.dyn : { *(.rel.*) *(.rel_*) }
	.rela.dyn : { *(.rela.*) *(.rela_*) }
	ASSERT(SIZEOF(.got) == 0, "unexpected GOT entries")
	ASSERT(SIZEOF(.plt) == 0, "unexpected PLT entries")
	ASSERT(SIZEOF(.rel.dyn) == 0, "unexpected relocations")
	ASSERT(SIZEOF(.rela.dyn) == 0, "unexpected relocations")
}

/* asm/percpu.h addresses it as %gs:symbol(%rip), 32 bits of displacement */
ASSERT(__per_cpu_end - __per_cpu_start < 0x200000, "per-CPU data too large")
