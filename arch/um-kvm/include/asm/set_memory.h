/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Permissions of kernel memory, page by page: the image, the direct map,
 * modules and other vmalloc() memory.  All may sleep.  A change is complete
 * on all CPUs when the function returns, but for those named _noflush.
 */
#ifndef _ASM_UM_KVM_SET_MEMORY_H
#define _ASM_UM_KVM_SET_MEMORY_H

#include <linux/mm_types.h>
#include <asm-generic/set_memory.h>

int set_memory_rox(unsigned long addr, int numpages);
#define set_memory_rox set_memory_rox

/* Not present: any access is an oops */
int set_memory_np(unsigned long addr, int numpages);

/* In entries of 4 KiB, for who will change them where nothing can be allocated */
int set_memory_4k(unsigned long addr, int numpages);

/* The page's alias in the direct map; vfree() flushes once for many */
int set_direct_map_invalid_noflush(struct page *page);
int set_direct_map_default_noflush(struct page *page);
bool kernel_page_present(struct page *page);

#endif /* _ASM_UM_KVM_SET_MEMORY_H */
