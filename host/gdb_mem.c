// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for the debugger: virtual addresses of the guest, by the page tables
 * that the vCPU uses now.  KVM_TRANSLATE would not do: it obeys SMAP, so that a
 * vCPU in the kernel could not see its program.
 */
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>

#include "gdb_mem.h"
#include "pgtable.h"

static bool translate(const struct vcpu *cpu, u64 addr, u64 *gpa)
{
	unsigned int shift = TOP_SHIFT + LEVEL_BITS;
	struct kvm_sregs sregs;
	const u64 *table;
	u64 entry;

	if (ioctl(cpu->fd, KVM_GET_SREGS, &sregs))
		return false;
	entry = sregs.cr3;
	do {
		shift -= LEVEL_BITS;
		table = guest_mem(&cpu->vm->ram, entry & PTE_ADDR, PAGE_LEN);
		if (!table)
			return false;
		entry = table[addr >> shift & (ENTRIES - 1)];
		if (!(entry & PTE_PRESENT))
			return false;
	} while (pte_is_table(entry, shift));
	*gpa = pte_gpa(entry, shift) | (addr & ((1ULL << shift) - 1));
	return true;
}

/* What is left of the page at @addr, up to *@len bytes. */
static u8 *page_at(const struct vcpu *cpu, u64 addr, u64 *gpa, size_t *len)
{
	*len = min_u64(*len, PAGE_LEN - addr % PAGE_LEN);
	return translate(cpu, addr, gpa) ?
	       guest_mem(&cpu->vm->ram, *gpa, *len) : NULL;
}

size_t gdb_mem_read(const struct vcpu *cpu, u64 addr, void *to, size_t len)
{
	size_t part, done;
	const u8 *page;
	u64 gpa;

	for (done = 0; done < len; done += part) {
		part = len - done;
		page = page_at(cpu, addr + done, &gpa, &part);
		if (!page)
			break;
		memcpy((u8 *)to + done, page, part);
	}
	return done;
}

size_t gdb_mem_write(const struct vcpu *cpu, u64 addr, const void *from,
		     size_t len)
{
	size_t part, done;
	u64 gpa;
	u8 *page;

	for (done = 0; done < len; done += part) {
		part = len - done;
		page = page_at(cpu, addr + done, &gpa, &part);
		if (!page)
			break;
		memcpy(page, (const u8 *)from + done, part);
	}
	return done;
}

u8 *gdb_mem_byte(const struct vcpu *cpu, u64 addr, u64 *gpa)
{
	size_t len = 1;

	return page_at(cpu, addr, gpa, &len);
}
