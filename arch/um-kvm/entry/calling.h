/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one stack frame of this kernel: struct pt_regs, built by hand below and
 * nowhere else.  From the top of the stack down, towards lower addresses:
 *
 *	SS RSP RFLAGS CS RIP	pushed by the CPU, or by entry_SYSCALL_64
 *	ORIG_RAX		system call number, or -1, or the error code for
 *				a moment
 *	RDI RSI RDX RCX RAX R8 R9 R10 R11 RBX RBP R12 R13 R14 R15
 *
 * After an entry from ring 3 the frame ends exactly at the top of the task's
 * stack, where task_pt_regs() looks for it.
 *
 * GS discipline: the kernel runs with GS base = its per-CPU base, ring 3 with
 * its own.  The change happens at four places only: entry_SYSCALL_64 and
 * return_to_user swap, idtentry swaps when it interrupted ring 3, and
 * idtentry_ist, which can interrupt a place where the swap has not happened
 * yet, saves and sets the base by number.
 */
#include <asm/asm-offsets.h>
#include <asm/frame.h>
#include <asm/percpu.h>
#include <asm/ptrace-abi.h>
#include <asm/segment.h>
#include <asm/unwind_hints.h>

/* Clearing keeps values of ring 3 away from speculation in the kernel */
.macro PUSH_AND_CLEAR_REGS rax=%rax
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	\rax
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	UNWIND_HINT_REGS
	xorl	%esi, %esi
	xorl	%edx, %edx
	xorl	%ecx, %ecx
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
.endm

.macro POP_REGS
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
.endm

/*
 * GS base of the kernel without GS: the limit of the CPUNODE descriptor holds
 * the CPU number in its low 12 bits (asm/vdso/processor.h, kernel/descriptors.c).
 */
.macro LOAD_KERNEL_GSBASE reg:req
	movl	$__CPUNODE_SEG, %e\reg
	lsl	%e\reg, %e\reg
	andl	$0xfff, %e\reg
	movq	__per_cpu_offset(, %r\reg, 8), %r\reg
	wrgsbase %r\reg
.endm
