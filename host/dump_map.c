// SPDX-License-Identifier: GPL-2.0
/*
 * Which virtual addresses a dump explains.  Tools that know Linux find their
 * way from physical addresses; a plain gdb does not, and stacks and modules are
 * in vmalloc memory.  So the kernel's half of the page tables becomes program
 * headers.  The tables are the guest's: each entry is read once, and what they
 * can make this walk do is bounded.
 */
#include <asm/umkvm.h>

#include "dump_map.h"
#include "pgtable.h"
#include "vmcoreinfo.h"

#define KERNEL_HALF	0xffff000000000000ULL	/* with bit 47 of an entry */
#define TABLES_MAX	65536			/* those of 128 GiB in small pages */

struct walk {
	const struct guest_ram *ram;
	u64 offset;
	Elf64_Phdr *phdrs;
	unsigned int nr, max;
	unsigned int tables;		/* seen so far */
};

/* What continues the last range makes it longer. */
static void add(struct walk *w, u64 vaddr, u64 gpa, u64 len)
{
	const u8 *mem = guest_mem(w->ram, gpa, len);
	Elf64_Phdr *last = w->phdrs + w->nr - 1;

	if (!mem)
		return;
	if (w->nr && last->p_vaddr + last->p_memsz == vaddr &&
	    last->p_paddr + last->p_memsz == gpa) {
		last->p_filesz = last->p_memsz += len;
	} else if (w->nr < w->max) {
		w->phdrs[w->nr++] = (Elf64_Phdr){
			.p_type = PT_LOAD,
			.p_flags = PF_R | PF_W | PF_X,
			.p_offset = w->offset + (mem - w->ram->host),
			.p_vaddr = vaddr,
			.p_paddr = gpa,
			.p_filesz = len,
			.p_memsz = len,
		};
	}
}

static void walk_entry(struct walk *w, u64 entry, unsigned int shift, u64 vaddr);

static void walk_table(struct walk *w, u64 gpa, unsigned int shift, u64 vaddr)
{
	const u64 *table = guest_mem(w->ram, gpa, PAGE_LEN);
	unsigned int i;

	if (!table || w->tables++ >= TABLES_MAX)
		return;
	for (i = 0; i < ENTRIES; i++)
		walk_entry(w, __atomic_load_n(&table[i], __ATOMIC_RELAXED),
			   shift, vaddr + ((u64)i << shift));
}

/* @shift says how much one entry maps.  The direct map is there already. */
static void walk_entry(struct walk *w, u64 entry, unsigned int shift, u64 vaddr)
{
	const u64 gpa = pte_gpa(entry, shift);

	if (!(entry & PTE_PRESENT))
		return;
	if (pte_is_table(entry, shift))
		walk_table(w, entry & PTE_ADDR, shift - LEVEL_BITS, vaddr);
	else if (vaddr != UMKVM_DIRECT_MAP + gpa)
		add(w, vaddr, gpa, 1ULL << shift);
}

/* The kernel's image, in the last entry, first: there has to be room for it. */
static void walk_kernel(struct walk *w, u64 gpa)
{
	const u64 *top = guest_mem(w->ram, gpa, PAGE_LEN);
	unsigned int i, at;

	for (i = 0; top && i < ENTRIES / 2; i++) {
		at = ENTRIES - 1 - i;
		walk_entry(w, __atomic_load_n(&top[at], __ATOMIC_RELAXED),
			   TOP_SHIFT, KERNEL_HALF + ((u64)at << TOP_SHIFT));
	}
}

unsigned int dump_map(const struct guest_ram *ram, u64 offset, Elf64_Phdr *phdrs,
		      unsigned int max)
{
	struct walk w = {
		.ram = ram,
		.offset = offset,
		.phdrs = phdrs,
		.max = max,
	};
	u64 top;

	add(&w, UMKVM_DIRECT_MAP, 0, ram->low_len);
	if (ram->high_len)
		add(&w, UMKVM_DIRECT_MAP + UMKVM_HOLE_END, UMKVM_HOLE_END,
		    ram->high_len);
	/* A vCPU's CR3 may be lost; before the kernel has tables, ours count. */
	if (vmcoreinfo_get("SYMBOL(init_top_pgt)", &top))
		walk_kernel(&w, top - UMKVM_KERNEL_MAP);
	else
		walk_kernel(&w, UMKVM_PGTABLE_GPA);
	return w.nr;
}
