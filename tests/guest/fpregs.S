/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fp_load() and fp_store(): see fpstate.h.  %rdi is the state, with the x87
 * registers at 512, MXCSR at 576 and the control word at 580; the x87 stack
 * is loaded downwards, so that st[0] ends on top.  Without AVX (fp_avx is 0)
 * only the lower halves of the registers move.
 */
	.macro each_register op
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\op \n
	.endr
	.endm

	.macro load_ymm n
	vmovdqu	\n * 32(%rdi), %ymm\n
	.endm

	.macro load_xmm n
	movdqu	\n * 32(%rdi), %xmm\n
	.endm

	.macro store_ymm n
	vmovdqu	%ymm\n, \n * 32(%rdi)
	.endm

	.macro store_xmm n
	movdqu	%xmm\n, \n * 32(%rdi)
	.endm

	.text
	.globl	fp_load, fp_store
	.type	fp_load, @function
	.type	fp_store, @function
fp_load:
	ldmxcsr	576(%rdi)
	fninit
	fldcw	580(%rdi)
	.irp	n, 7, 6, 5, 4, 3, 2, 1, 0
	fldl	512 + \n * 8(%rdi)
	.endr
	cmpl	$0, fp_avx(%rip)
	je	1f
	each_register load_ymm
	ret
1:	each_register load_xmm
	ret

fp_store:
	stmxcsr	576(%rdi)
	fnstcw	580(%rdi)
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	fstpl	512 + \n * 8(%rdi)
	.endr
	cmpl	$0, fp_avx(%rip)
	je	1f
	each_register store_ymm
	ret
1:	each_register store_xmm
	ret
	.section .note.GNU-stack, "", @progbits
