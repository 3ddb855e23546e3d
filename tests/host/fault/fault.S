/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stands between the shim and the C library (ld --wrap), because the shim is
 * static and nothing could be preloaded.  Each function either fails, if
 * fault_hits() says so, or goes on to the real one with all its arguments.
 * The shim allocates no memory by itself, so malloc() is not among them.
 */
	.macro WRAP name, failed
	.section .rodata
.Lname_\name:
	.asciz	"\name"
	.text
	.globl	__wrap_\name
__wrap_\name:
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%r8
	pushq	%r9
	pushq	%rax			/* for variadic functions, and to align */
	leaq	.Lname_\name(%rip), %rdi
	call	fault_hits
	movb	%al, %r11b
	popq	%rax
	popq	%r9
	popq	%r8
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	testb	%r11b, %r11b
	jz	__real_\name
	movq	$\failed, %rax
	ret
	.endm

	WRAP	open, -1
	WRAP	fstat, -1
	WRAP	pread, -1
	WRAP	memfd_create, -1
	WRAP	ftruncate, -1
	WRAP	mmap, -1
	WRAP	madvise, -1
	WRAP	eventfd, -1
	WRAP	signalfd, -1
	WRAP	getrandom, -1
	WRAP	mkdir, -1
	WRAP	ioctl, -1
	WRAP	pthread_create, 11	/* it returns its error: EAGAIN */

	.section .note.GNU-stack, "", @progbits
