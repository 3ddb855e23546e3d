/* SPDX-License-Identifier: GPL-2.0 */
/*
 * raw_regs_call(): see rawcall.h.  The pointer to the structure waits on the
 * stack, so that every general register but RSP is under test.
 */
	.text
	.globl	raw_regs_call, raw_regs_after
	.type	raw_regs_call, @function
raw_regs_call:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi
	pushq	120(%rdi)		/* flags */
	movq	(%rdi), %rax
	movq	8(%rdi), %rbx
	movq	16(%rdi), %rcx
	movq	24(%rdi), %rdx
	movq	32(%rdi), %rsi
	movq	48(%rdi), %rbp
	movq	56(%rdi), %r8
	movq	64(%rdi), %r9
	movq	72(%rdi), %r10
	movq	80(%rdi), %r11
	movq	88(%rdi), %r12
	movq	96(%rdi), %r13
	movq	104(%rdi), %r14
	movq	112(%rdi), %r15
	movq	40(%rdi), %rdi
	popfq
	syscall
raw_regs_after:
	pushfq
	pushq	%rdi
	movq	16(%rsp), %rdi
	movq	%rax, (%rdi)
	popq	40(%rdi)
	popq	120(%rdi)
	movq	%rbx, 8(%rdi)
	movq	%rcx, 16(%rdi)
	movq	%rdx, 24(%rdi)
	movq	%rsi, 32(%rdi)
	movq	%rbp, 48(%rdi)
	movq	%r8, 56(%rdi)
	movq	%r9, 64(%rdi)
	movq	%r10, 72(%rdi)
	movq	%r11, 80(%rdi)
	movq	%r12, 88(%rdi)
	movq	%r13, 96(%rdi)
	movq	%r14, 104(%rdi)
	movq	%r15, 112(%rdi)
	popq	%rdi
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	pushq	$0x202			/* DF, AC, NT: libc wants them clear */
	popfq
	ret
	.size	raw_regs_call, . - raw_regs_call
	.section .note.GNU-stack, "", @progbits
