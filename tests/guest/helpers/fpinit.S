/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A program without libc that looks at the registers as exec left them: all
 * general ones zero, segments and flags right, FS and GS base zero, the
 * floating point unit in its initial state.  Exit status 0, or the number of
 * the first check that failed.
 */
	.macro zero n, reg
	movl	$\n, %edi
	testq	\reg, \reg
	jnz	fail
	.endm

	.macro zero_xmm n
	ptest	%xmm\n, %xmm\n
	jnz	fail
	.endm

	.macro zero_ymm n
	vptest	%ymm\n, %ymm\n
	jnz	fail
	.endm

	.macro selector n, reg, want
	movl	$\n, %edi
	movl	%\reg, %eax
	cmpw	$\want, %ax
	jne	fail
	.endm

	.text
	.globl	_start
_start:
	pushq	%rdi
	pushfq
	zero	1, %rax
	zero	2, %rbx
	zero	3, %rcx
	zero	4, %rdx
	zero	5, %rsi
	movl	$6, %edi
	cmpq	$0, 8(%rsp)
	jne	fail
	zero	7, %rbp
	zero	8, %r8
	zero	9, %r9
	zero	10, %r10
	zero	11, %r11
	zero	12, %r12
	zero	13, %r13
	zero	14, %r14
	zero	15, %r15
	movl	$16, %edi
	cmpq	$0x202, (%rsp)
	jne	fail
	movl	$17, %edi
	testq	$15, %rsp
	jnz	fail
	selector 18, cs, 0x33
	selector 19, ss, 0x2b
	selector 20, ds, 0
	selector 21, es, 0
	selector 22, fs, 0
	selector 23, gs, 0
	call	bases
	call	fpu
	xorl	%edi, %edi
fail:
	movl	$60, %eax
	syscall

/* arch_prctl(ARCH_GET_FS = 0x1003, ARCH_GET_GS = 0x1004) */
bases:
	movl	$158, %eax
	movl	$0x1003, %edi
	leaq	word(%rip), %rsi
	syscall
	movl	$24, %edi
	cmpq	$0, word(%rip)
	jne	fail
	movl	$158, %eax
	movl	$0x1004, %edi
	syscall
	movl	$25, %edi
	cmpq	$0, word(%rip)
	jne	fail
	ret

fpu:
	stmxcsr	word(%rip)
	movl	$26, %edi
	cmpl	$0x1f80, word(%rip)
	jne	fail
	fnstcw	word(%rip)
	movl	$27, %edi
	cmpw	$0x37f, word(%rip)
	jne	fail
	fnstenv	env(%rip)
	movl	$28, %edi
	cmpw	$0xffff, env+8(%rip)	/* tags: all empty */
	jne	fail
	movl	$29, %edi
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	zero_xmm \n
	.endr
	movl	$1, %eax
	cpuid
	andl	$0x18000000, %ecx	/* OSXSAVE and AVX */
	cmpl	$0x18000000, %ecx
	jne	1f
	movl	$30, %edi
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	zero_ymm \n
	.endr
1:	ret

	.bss
	.balign 8
word:	.skip	8
env:	.skip	32
	.section .note.GNU-stack, "", @progbits
