/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine has no MMIO and no ports that drivers may use; what is here
 * lets generic drivers compile and pmem-like memory be mapped.
 */
#ifndef _ASM_UM_KVM_IO_H
#define _ASM_UM_KVM_IO_H

#include <linux/pfn.h>
#include <asm/page.h>
#include <asm/pgtable.h>

#define _PAGE_IOREMAP	pgprot_val(PAGE_KERNEL_NOCACHE)

static inline unsigned long virt_to_phys(volatile void *address)
{
	return __pa(address);
}
#define virt_to_phys virt_to_phys

static inline void *phys_to_virt(unsigned long address)
{
	return __va(address);
}
#define phys_to_virt phys_to_virt

#define page_to_phys(page)	PFN_PHYS(page_to_pfn(page))

#define PCI_IOBASE	((void __iomem *)-0x10000L)	/* of an ERR_PTR(): not mapped */

#include <asm-generic/io.h>

#endif
