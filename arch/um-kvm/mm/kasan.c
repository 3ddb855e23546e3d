// SPDX-License-Identifier: GPL-2.0
/*
 * The shadow memory of KASAN: a byte for each eight of the kernel's half, at
 * the addresses of arch/x86 (asm/kasan.h).  Instrumented code reads it before
 * each access, so there is some from the first C function on: one page of
 * zeros, "all of it is good", stands for everything.
 *
 * kasan_init() gives shadow of their own to RAM and to the image, leaves that
 * of vmalloc() and of modules to be filled on demand (mm/kasan/shadow.c), and
 * what remains, struct page and the fixmap, keeps the page of zeros.
 */
#include <linux/kasan.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <asm/sections.h>
#include <asm/setup.h>
#include <asm/special_insns.h>
#include <asm/tlbflush.h>

static pgd_t early_pgt[PTRS_PER_PGD] __initdata __aligned(PAGE_SIZE);

static unsigned long __init shadow(const void *addr)
{
	return (unsigned long)kasan_mem_to_shadow(addr);
}

/* What __pa_symbol() calls to check itself would look at shadow */
static unsigned long __init table_entry(void *table)
{
	return __pa_nodebug(table) | _KERNPG_TABLE;
}

static void __init set_early_shadow(pgprot_t prot)
{
	pte_t pte = pfn_pte(PHYS_PFN(__pa_nodebug(kasan_early_shadow_page)),
			    prot);
	unsigned int i;

	for (i = 0; i < PTRS_PER_PTE; i++)
		set_pte(&kasan_early_shadow_pte[i], pte);
}

/* Into the shim's tables, which are in use, and into those to come */
void __init kasan_early_init(void)
{
	p4d_t *tables = __va(__read_cr3() & PTE_PFN_MASK);
	p4d_t p4d = __p4d(table_entry(kasan_early_shadow_pud));
	unsigned long addr;
	unsigned int i;

	set_early_shadow(PAGE_KERNEL);
	for (i = 0; i < PTRS_PER_PMD; i++) {
		set_pmd(&kasan_early_shadow_pmd[i],
			__pmd(table_entry(kasan_early_shadow_pte)));
		set_pud(&kasan_early_shadow_pud[i],
			__pud(table_entry(kasan_early_shadow_pmd)));
	}

	for (addr = KASAN_SHADOW_START; addr < KASAN_SHADOW_END;
	     addr += PGDIR_SIZE) {
		set_p4d(&tables[pgd_index(addr)], p4d);
		set_p4d(p4d_offset(pgd_offset_k(addr), addr), p4d);
	}
}

static void __init map_shadow(void *start, void *end)
{
	unsigned long addr = shadow(start) & PAGE_MASK;
	unsigned long stop = PAGE_ALIGN(shadow(end));
	unsigned long next;
	void *mem;

	for (; addr < stop; addr = next) {
		next = pmd_addr_end(addr, stop);
		mem = memblock_alloc(next - addr, PMD_SIZE);
		if (!mem)
			panic("No memory for the shadow of KASAN\n");
		map_range(addr, next, __pa(mem), PAGE_KERNEL);
	}
}

static void __init map_zeros(unsigned long start, unsigned long end)
{
	kasan_populate_early_shadow((void *)start, (void *)end);
}

static void __init populate_shadow(void)
{
	unsigned long vmalloc_start = shadow((void *)VMALLOC_START);
	unsigned long vmalloc_end = shadow((void *)VMALLOC_END + 1);
	phys_addr_t start, end;
	unsigned long addr;
	u64 i;

	map_zeros(KASAN_SHADOW_START, shadow((void *)PAGE_OFFSET));
	for_each_mem_range(i, &start, &end)
		map_shadow(__va(start), __va(end));

	map_zeros(shadow((void *)PAGE_OFFSET + MAXMEM), vmalloc_start);
	for (addr = vmalloc_start & PGDIR_MASK; addr < vmalloc_end;
	     addr += PGDIR_SIZE)
		make_p4d(addr);
	if (!IS_ENABLED(CONFIG_KASAN_VMALLOC))
		map_zeros(vmalloc_start, vmalloc_end);

	map_zeros(vmalloc_end, shadow((void *)__START_KERNEL_map));
	map_shadow(_text, _end);
	map_zeros(shadow((void *)MODULES_END), KASAN_SHADOW_END);
}

/*
 * The early shadow serves, by a copy of the top level, until that of init_mm
 * is complete.
 */
void __init kasan_init(void)
{
	unsigned long addr;

	memcpy(early_pgt, init_top_pgt, sizeof(early_pgt));
	write_cr3(__pa_symbol(early_pgt));
	for (addr = KASAN_SHADOW_START; addr < KASAN_SHADOW_END;
	     addr += PGDIR_SIZE)
		p4d_clear(p4d_offset(pgd_offset_k(addr), addr));
	populate_shadow();
	write_cr3(__pa_symbol(init_top_pgt));
	__flush_tlb_all();

	/* shadow that somebody has written to, and nobody may any more */
	memset(kasan_early_shadow_page, 0, PAGE_SIZE);
	set_early_shadow(PAGE_KERNEL_RO);
	__flush_tlb_all();

	init_task.kasan_depth = 0;
	pr_info("kasan: KernelAddressSanitizer initialized\n");
}
