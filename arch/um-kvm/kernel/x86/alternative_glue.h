/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before alternative.c of arch/x86: names that its processor.h and
 * tlbflush.h have, and ours do not.
 */
#include <linux/mm.h>
#include <asm/debugreg.h>

static inline void free_init_pages(const char *what, unsigned long begin,
				   unsigned long end)
{
	free_reserved_area((void *)begin, (void *)end, POISON_FREE_INITMEM,
			   what);
}

/* the file has its own */
#undef pr_fmt
