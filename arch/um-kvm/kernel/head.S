/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The first instruction.  The shim enters in 64-bit mode with everything
 * mapped (asm/umkvm.h), so all that is left is a stack and the per-CPU base.
 */
#include <linux/init.h>
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/unwind_hints.h>

	__HEAD
SYM_CODE_START(startup_64)
	UNWIND_HINT_END_OF_STACK
	xorl	%ebp, %ebp
	leaq	__top_init_kernel_stack(%rip), %rsp

	/* CPU 0 uses the per-CPU image itself until setup_per_cpu_areas() */
	leaq	__per_cpu_load(%rip), %rax
	movq	%cr4, %rcx
	orq	$(1 << 16), %rcx	/* FSGSBASE, which the shim requires */
	movq	%rcx, %cr4
	wrgsbase %rax

	movq	%rsi, %rdi
	call	umkvm_start_kernel
	ud2
SYM_CODE_END(startup_64)

/* Where start_secondary() would return to: a trace of its stack ends here */
SYM_CODE_START(start_cpu)
	UNWIND_HINT_END_OF_STACK
	ud2
SYM_CODE_END(start_cpu)
