/* SPDX-License-Identifier: GPL-2.0 */
/* Between mm/fault.c, which decides, and mm/fault_oops.c, which complains */
#ifndef _UM_KVM_MM_FAULT_H
#define _UM_KVM_MM_FAULT_H

#include <linux/types.h>

struct pt_regs;

/*
 * struct fault - one page fault
 * @error:	as the CPU pushed it, X86_PF_*
 * @addr:	CR2
 * @flags:	FAULT_FLAG_*, of faults on user addresses
 */
struct fault {
	struct pt_regs	*regs;
	unsigned long	error;
	unsigned long	addr;
	unsigned int	flags;
};

/* Returns only if a debugger took over, or in an oops within an oops */
void fault_oops(const struct fault *fault);

#endif /* _UM_KVM_MM_FAULT_H */
