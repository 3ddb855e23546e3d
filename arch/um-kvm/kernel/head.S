/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The first instruction.  The shim enters in 64-bit mode with everything
 * mapped (asm/umkvm.h), so all that is left is a stack and the per-CPU base.
 */
#include <linux/init.h>
#include <linux/linkage.h>
#include <asm/asm-offsets.h>

	__HEAD
SYM_CODE_START(startup_64)
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
