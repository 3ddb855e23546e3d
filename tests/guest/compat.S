/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat_run(): executes one instruction in compatibility mode.
 *
 * Any program reaches it by a far jump to __USER32_CS (0x23), even where the
 * kernel has no 32-bit system calls.  The code must lie below 4 GiB, which
 * it does in a static binary; the stack is one of ours, for the same reason.
 */
	.data
	.globl	compat_insn
compat_insn:	.long 0			/* address of 32-bit code, near call */
far_in:	.long	compat_code, 0x23
far_out:.long	back_to_64, 0x33

	.bss
	.balign	16
	.skip	16384
stack_top:
saved_sp:	.skip 8
	.globl	compat_stack
	.set	compat_stack, stack_top

	.text
	.globl	compat_run, compat_after
compat_run:				/* %edi: EAX before; returns EAX */
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, saved_sp(%rip)
	movl	$stack_top, %esp
	movl	$0x2b, %eax		/* DS is null in 64-bit programs */
	movl	%eax, %ds
	movl	%eax, %es
	movl	%edi, %eax
	ljmpl	*far_in

	.code32
compat_code:
	movl	compat_insn, %edx
	call	*%edx
compat_after:
	ljmpl	*far_out

	/* The instructions under test; each returns to compat_code */
	.globl	compat_syscall, compat_sysenter, compat_int80, compat_nop
	.globl	compat_spin, compat_ud2, compat_int3, compat_hlt
compat_syscall:
	movl	%esp, %ebp
	syscall
	ret
compat_sysenter:
	movl	%esp, %ebp
	sysenter
	ret
compat_int80:
	int	$0x80
	ret
compat_nop:
	ret
compat_spin:				/* until a signal handler clears it */
	cmpl	$0, compat_flag
	jne	compat_spin
	ret
compat_ud2:
	ud2
compat_int3:
	int3
	ret
compat_hlt:
	hlt

	.code64
back_to_64:
	movq	saved_sp(%rip), %rsp
	movl	%eax, %eax
	xorl	%edx, %edx
	movl	%edx, %ds
	movl	%edx, %es
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret

	.bss
	.balign	4
	.globl	compat_flag
compat_flag:	.skip 4
	.section .note.GNU-stack, "", @progbits
