// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own page tables and the memory behind them.  At the first
 * instruction the shim's tables map the first GiB, all of it writable and
 * executable; after paging_init() there is the layout of arch/x86:
 *
 *	0xffff888000000000	direct map of all RAM and nothing but RAM
 *	0xffffc90000000000	vmalloc
 *	0xffffea0000000000	struct page of all RAM
 *	0xffffffff80000000	kernel image, from 2 MiB on
 *	0xffffffffa0000000	modules
 *	0xffffffffff7ff000	fixmap, downwards
 *
 * Nothing is executable but the kernel's text, modules and, until boot is
 * over, the init sections.  Text and constants become read-only at the end of
 * boot, in both places where they are mapped, because until then boot code
 * patches them.
 *
 * Each top-level entry of the kernel's half exists when paging_init() has
 * returned and is never changed.  So pgd_alloc() copies them, and no fault
 * ever has to bring another address space up to date.
 */
#include <linux/execmem.h>
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/pgalloc.h>
#include <linux/poison.h>
#include <linux/set_memory.h>
#include <asm/fixmap.h>
#include <asm/kasan.h>
#include <asm/sections.h>
#include <asm/setup.h>
#include <asm/special_insns.h>
#include <asm/tlbflush.h>

pgd_t init_top_pgt[PTRS_PER_PGD] __page_aligned_bss;

unsigned long empty_zero_page[PAGE_SIZE / sizeof(unsigned long)]
	__page_aligned_bss;
EXPORT_SYMBOL(empty_zero_page);

/* Where the image is, less where it is linked to be: it is never moved */
unsigned long phys_base __ro_after_init;
EXPORT_SYMBOL(phys_base);

static void *__init alloc_table(void)
{
	void *table = memblock_alloc(PAGE_SIZE, PAGE_SIZE);

	if (!table)
		panic("No memory for the kernel's page tables\n");

	return table;
}

p4d_t *__init make_p4d(unsigned long addr)
{
	p4d_t *p4d = p4d_offset(pgd_offset_k(addr), addr);

	if (p4d_none(*p4d))
		p4d_populate(&init_mm, p4d, alloc_table());

	return p4d;
}

static pmd_t *__init make_pmd(unsigned long addr)
{
	pud_t *pud = pud_offset(make_p4d(addr), addr);

	if (pud_none(*pud))
		pud_populate(&init_mm, pud, alloc_table());

	return pmd_offset(pud, addr);
}

static pte_t *__init make_pte(unsigned long addr)
{
	pmd_t *pmd = make_pmd(addr);

	if (pmd_none(*pmd))
		pmd_populate_kernel(&init_mm, pmd, alloc_table());

	return pte_offset_kernel(pmd, addr);
}

void __init map_range(unsigned long addr, unsigned long end, phys_addr_t phys,
		      pgprot_t prot)
{
	unsigned long step;

	for (; addr < end; addr += step, phys += step) {
		if (IS_ALIGNED(addr | phys, PMD_SIZE) &&
		    end - addr >= PMD_SIZE) {
			set_pmd(make_pmd(addr),
				pmd_mkhuge(pfn_pmd(PFN_DOWN(phys), prot)));
			step = PMD_SIZE;
		} else {
			set_pte(make_pte(addr), pfn_pte(PFN_DOWN(phys), prot));
			step = PAGE_SIZE;
		}
	}
}

static void __init map_image(void *start, void *end, pgprot_t prot)
{
	map_range((unsigned long)start & PAGE_MASK,
		  PAGE_ALIGN((unsigned long)end),
		  __pa_symbol(start) & PAGE_MASK, prot);
}

static void __init map_kernel(void)
{
	map_image(_text, __start_rodata, PAGE_KERNEL_EXEC);
	map_image(__start_rodata, __init_begin, PAGE_KERNEL);
	map_image(__init_begin, __init_end, PAGE_KERNEL_EXEC);
	map_image(__init_end, _end, PAGE_KERNEL);
}

static void __init map_direct(void)
{
	phys_addr_t start, end;
	u64 i;

	for_each_mem_range(i, &start, &end)
		map_range((unsigned long)__va(start), (unsigned long)__va(end),
			  start, PAGE_KERNEL);
}

/* What gets its contents later, but its top-level entry now */
static void __init map_reserved(void)
{
	unsigned long addr;

	for (addr = VMALLOC_START; addr < VMALLOC_END; addr += PGDIR_SIZE)
		make_p4d(addr);

	BUILD_BUG_ON((FIXADDR_START & PMD_MASK) != (FIXADDR_TOP & PMD_MASK));
	make_pte(FIXADDR_START);
}

static void __init zones_init(void)
{
	unsigned long max_zone_pfns[MAX_NR_ZONES] = {
		[ZONE_NORMAL] = max_low_pfn,
	};

	sparse_init();
	free_area_init(max_zone_pfns);
}

void __init paging_init(void)
{
	/* tables come from below the limit, which the shim has mapped */
	map_direct();
	map_kernel();
	map_reserved();

	/* the shim's entries may be global: a new CR3 would not drop them */
	write_cr3(__pa_symbol(swapper_pg_dir));
	__flush_tlb_all();
	memblock_set_current_limit(memblock_end_of_DRAM());
	kasan_init();

	zones_init();
}

void __init mem_init(void)
{
	high_memory = __va(PFN_PHYS(max_low_pfn));
	memblock_free_all();
}

void __meminit vmemmap_set_pmd(pmd_t *pmd, void *page, int node,
			       unsigned long addr, unsigned long next)
{
	set_pmd(pmd, pfn_pmd(PHYS_PFN(__pa(page)), PAGE_KERNEL_LARGE));
}

int __meminit vmemmap_check_pmd(pmd_t *pmd, int node, unsigned long addr,
				unsigned long next)
{
	vmemmap_verify((pte_t *)pmd, node, addr, next);
	return pmd_leaf(*pmd);
}

int __meminit vmemmap_populate(unsigned long start, unsigned long end,
			       int node, struct vmem_altmap *altmap)
{
	return vmemmap_populate_hugepages(start, end, node, altmap);
}

/*
 * The pages go back through the direct map.  Their place in the image, which
 * is executable, goes first.
 */
void free_initmem(void)
{
	set_memory_np((unsigned long)__init_begin,
		      (__init_end - __init_begin) >> PAGE_SHIFT);
	free_initmem_default(POISON_FREE_INITMEM);
}

/* In the image and in the direct map; returns how much it is */
static unsigned long write_protect(void *start, void *end)
{
	unsigned long addr = (unsigned long)start & PAGE_MASK;
	unsigned long size = PAGE_ALIGN((unsigned long)end) - addr;

	set_memory_ro(addr, size >> PAGE_SHIFT);
	set_memory_ro((unsigned long)__va(__pa_symbol(addr)),
		      size >> PAGE_SHIFT);
	return size;
}

void mark_rodata_ro(void)
{
	unsigned long size = write_protect(_text, _etext) +
			     write_protect(__start_rodata, __end_rodata);

	pr_info("Write protecting the kernel read-only data: %luk\n",
		size >> 10);
}

#ifdef CONFIG_EXECMEM
static struct execmem_info execmem_info __ro_after_init;

struct execmem_info __init *execmem_arch_setup(void)
{
	execmem_info.ranges[EXECMEM_DEFAULT] = (struct execmem_range) {
		.start		= MODULES_VADDR,
		.end		= MODULES_END - 1,
		.pgprot		= PAGE_KERNEL,
		.flags		= EXECMEM_KASAN_SHADOW,
		.alignment	= MODULE_ALIGN,
	};

	return &execmem_info;
}
#endif
