/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Performance events without a PMU: software events, tracepoints and
 * breakpoints.  ptrace needs them for its watchpoints.
 */
#ifndef _ASM_UM_KVM_PERF_EVENT_H
#define _ASM_UM_KVM_PERF_EVENT_H

#include <asm/ptrace.h>

/* What a sample of user registers is taken from; SSE registers never are */
struct x86_perf_regs {
	struct pt_regs	regs;
	u64		*xmm_regs;
};

#define perf_arch_fetch_caller_regs(regs, __ip)		{	\
	(regs)->ip = (__ip);					\
	(regs)->sp = (unsigned long)__builtin_frame_address(0);	\
	(regs)->cs = __KERNEL_CS;				\
	(regs)->flags = 0;					\
}

#endif /* _ASM_UM_KVM_PERF_EVENT_H */
