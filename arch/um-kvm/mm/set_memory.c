// SPDX-License-Identifier: GPL-2.0
/*
 * Permissions of kernel memory.  A change is a set of bits to set and a set
 * to clear in each leaf entry of a range; a 2 MiB entry that the range covers
 * in part is first replaced by a table of 512 that says the same.
 *
 * Memory of vmalloc() is mapped in the direct map too.  Its alias there is
 * never executable; whether it is writable follows the first mapping, or
 * read-only modules could be written through it.
 *
 * Callers see to it that a range is not freed, and not changed by two of
 * them at once.  change_lock is for neighbours that share an entry.
 */
#include <linux/mm.h>
#include <linux/pgalloc.h>
#include <linux/set_memory.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <asm/tlbflush.h>

/*
 * Bit 8 means "global" in a present entry and PROT_NONE, which counts as
 * present, in another: the two come and go together.
 */
#define ATTR_PRESENT	(_PAGE_PRESENT | _PAGE_GLOBAL)

struct change {
	pteval_t set;
	pteval_t clear;
};

static DEFINE_SPINLOCK(change_lock);

/* NULL if there is no table behind the entry of @addr that is due */
static pmd_t *kernel_pmd(unsigned long addr)
{
	pgd_t *pgd = pgd_offset_k(addr);
	p4d_t *p4d = p4d_offset(pgd, addr);
	pud_t *pud;

	if (p4d_none(*p4d))
		return NULL;
	pud = pud_offset(p4d, addr);
	if (pud_none(*pud) || pud_leaf(*pud))
		return NULL;

	return pmd_offset(pud, addr);
}

/*
 * The leaf entry of a kernel address, a 2 MiB one in the guise of a pte;
 * present or not.  NULL if there is none.
 */
pte_t *lookup_address(unsigned long addr, unsigned int *level)
{
	pmd_t *pmd = kernel_pmd(addr);

	*level = PG_LEVEL_NONE;
	if (!pmd || pmd_none(*pmd))
		return NULL;

	*level = PG_LEVEL_2M;
	if (pmd_leaf(*pmd))
		return (pte_t *)pmd;

	*level = PG_LEVEL_4K;
	return pte_offset_kernel(pmd, addr);
}
EXPORT_SYMBOL_GPL(lookup_address);

static pteval_t changed_flags(pteval_t flags, const struct change *change)
{
	return (flags & ~change->clear) | change->set;
}

/* pfn_pte(), because the frame is inverted in an entry that is not present */
static void change_pte(pte_t *pte, const struct change *change)
{
	pteval_t flags = changed_flags(pte_flags(*pte), change);

	set_pte(pte, pfn_pte(pte_pfn(*pte), __pgprot(flags)));
}

static void change_pmd(pmd_t *pmd, const struct change *change)
{
	pmdval_t flags = changed_flags(pmd_flags(*pmd), change);

	set_pmd(pmd, pfn_pmd(pmd_pfn(*pmd), __pgprot(flags)));
}

/*
 * The stores to the table are volatile, as is the one that makes it visible:
 * compiler and CPU keep their order, which a walking CPU relies on.
 */
static void fill_table(pte_t *table, pmd_t pmd)
{
	pgprot_t prot = __pgprot(pmd_flags(pmd) & ~_PAGE_PSE);
	unsigned long i;

	for (i = 0; i < PTRS_PER_PTE; i++)
		set_pte(&table[i], pfn_pte(pmd_pfn(pmd) + i, prot));
}

static int split_pmd(pmd_t *pmd, unsigned long addr)
{
	pte_t *table = pte_alloc_one_kernel(&init_mm);

	if (!table)
		return -ENOMEM;

	spin_lock(&change_lock);
	if (pmd_leaf(*pmd)) {
		fill_table(table, *pmd);
		pmd_populate_kernel(&init_mm, pmd, table);
		table = NULL;
	}
	spin_unlock(&change_lock);

	if (table)
		pte_free_kernel(&init_mm, table);

	/* no TLB may hold an address in both sizes once they differ */
	addr &= PMD_MASK;
	flush_tlb_kernel_range(addr, addr + PMD_SIZE);
	return 0;
}

static int change_table(pmd_t *pmd, unsigned long addr, unsigned long end,
			const struct change *change)
{
	pte_t *pte = pte_offset_kernel(pmd, addr);

	for (; addr < end; addr += PAGE_SIZE, pte++) {
		if (pte_none(*pte))
			return -EFAULT;
		change_pte(pte, change);
	}

	return 0;
}

/* @addr and @end are within one pmd */
static int change_block(unsigned long addr, unsigned long end,
			const struct change *change)
{
	pmd_t *pmd = kernel_pmd(addr);
	pmdval_t flags;
	int ret = 0;

	if (!pmd || pmd_none(*pmd))
		return -EFAULT;

	if (pmd_leaf(*pmd) && end - addr < PMD_SIZE) {
		flags = pmd_flags(*pmd);
		if (changed_flags(flags, change) == flags)
			return 0;
		ret = split_pmd(pmd, addr);
		if (ret)
			return ret;
	}

	spin_lock(&change_lock);
	if (pmd_leaf(*pmd))
		change_pmd(pmd, change);
	else
		ret = change_table(pmd, addr, end, change);
	spin_unlock(&change_lock);

	return ret;
}

static int change_range(unsigned long addr, unsigned long end,
			const struct change *change)
{
	unsigned long next;
	int ret = 0;

	for (; addr < end && !ret; addr = next) {
		next = pmd_addr_end(addr, end);
		ret = change_block(addr, next, change);
	}

	return ret;
}

static int change_alias(unsigned long addr, unsigned long end,
			const struct change *change)
{
	struct change writable = {
		.set	= change->set & _PAGE_RW,
		.clear	= change->clear & _PAGE_RW,
	};
	unsigned long alias;
	struct page *page;
	int ret = 0;

	for (; addr < end && !ret; addr += PAGE_SIZE) {
		page = vmalloc_to_page((void *)addr);
		if (!page)
			return -EFAULT;
		alias = (unsigned long)page_address(page);
		ret = change_range(alias, alias + PAGE_SIZE, &writable);
	}

	return ret;
}

static int change_memory(unsigned long addr, int numpages, pteval_t set,
			 pteval_t clear)
{
	struct change change = { .set = set, .clear = clear };
	unsigned long end = addr + (unsigned long)numpages * PAGE_SIZE;
	int ret;

	if (WARN_ON_ONCE(addr & ~PAGE_MASK))
		return -EINVAL;

	ret = change_range(addr, end, &change);
	if (!ret && ((set | clear) & _PAGE_RW) &&
	    is_vmalloc_or_module_addr((void *)addr)) {
		ret = change_alias(addr, end, &change);
		/* the alias is all over the place */
		flush_tlb_all();
		return ret;
	}

	/* what was changed before an error is flushed as well */
	flush_tlb_kernel_range(addr, end);
	return ret;
}

int set_memory_ro(unsigned long addr, int numpages)
{
	return change_memory(addr, numpages, 0, _PAGE_RW);
}

int set_memory_rw(unsigned long addr, int numpages)
{
	return change_memory(addr, numpages, _PAGE_RW, 0);
}

int set_memory_x(unsigned long addr, int numpages)
{
	return change_memory(addr, numpages, 0, _PAGE_NX);
}

int set_memory_nx(unsigned long addr, int numpages)
{
	return change_memory(addr, numpages, _PAGE_NX, 0);
}

int set_memory_rox(unsigned long addr, int numpages)
{
	return change_memory(addr, numpages, 0, _PAGE_RW | _PAGE_NX);
}

int set_memory_np(unsigned long addr, int numpages)
{
	return change_memory(addr, numpages, 0, ATTR_PRESENT);
}

int set_memory_4k(unsigned long addr, int numpages)
{
	unsigned long end = addr + (unsigned long)numpages * PAGE_SIZE;
	int ret = 0;

	for (; addr < end && !ret; addr += PAGE_SIZE)
		if (pmd_leaf(*kernel_pmd(addr)))
			ret = split_pmd(kernel_pmd(addr), addr);

	return ret;
}

int set_direct_map_invalid_noflush(struct page *page)
{
	const struct change change = { .clear = ATTR_PRESENT | _PAGE_RW };
	unsigned long addr = (unsigned long)page_address(page);

	return change_range(addr, addr + PAGE_SIZE, &change);
}

int set_direct_map_default_noflush(struct page *page)
{
	const struct change change = { .set = ATTR_PRESENT | _PAGE_RW };
	unsigned long addr = (unsigned long)page_address(page);

	return change_range(addr, addr + PAGE_SIZE, &change);
}

bool kernel_page_present(struct page *page)
{
	unsigned int level;
	pte_t *pte = lookup_address((unsigned long)page_address(page), &level);

	return pte && (pte_flags(*pte) & _PAGE_PRESENT);
}
