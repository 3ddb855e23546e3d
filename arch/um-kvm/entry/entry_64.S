/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The doors into the kernel and out of it: SYSCALL, exceptions, interrupts,
 * and the switch between two kernel stacks.  Frames and the GS discipline are
 * explained in calling.h; what happens between door and door is C
 * (kernel/syscall.c, kernel/traps.c, kernel/irq.c, mm/fault.c) on top of
 * generic entry code.  Nothing here leaves the VM.
 */
#include <linux/linkage.h>
#include <asm/asm.h>
#include <asm/errno.h>
#include <asm/irq_vectors.h>
#include <asm/smap.h>

#include "calling.h"

	.section .entry.text, "ax"

/*
 * SYSCALL from 64-bit code (Intel SDM Vol. 2, AMD APM Vol. 3).  The CPU has
 * put RIP into RCX and RFLAGS into R11 and cleared what MSR_SYSCALL_MASK
 * names, interrupts among it; RSP and GS are still the program's.  Only
 * exceptions with a stack of their own (IST) can come before RSP is ours.
 */
SYM_CODE_START(entry_SYSCALL_64)
	UNWIND_HINT_END_OF_STACK
	swapgs
	movq	%rsp, PER_CPU_VAR(entry_user_sp)
	movq	PER_CPU_VAR(pcpu_hot + X86_top_of_stack), %rsp

	pushq	$__USER_DS
	pushq	PER_CPU_VAR(entry_user_sp)
	pushq	%r11
	pushq	$__USER_CS
	pushq	%rcx
	pushq	%rax
	PUSH_AND_CLEAR_REGS rax=$-ENOSYS

	movq	%rsp, %rdi
	movslq	%eax, %rsi
	call	do_syscall_64
	testb	%al, %al
	jz	return_to_user

	/*
	 * SYSRET takes RIP from RCX and RFLAGS from R11: do_syscall_64() saw
	 * that both are what the program expects anyway.
	 */
	POP_REGS
	movq	RSP - ORIG_RAX(%rsp), %rsp
	UNWIND_HINT_END_OF_STACK
	swapgs
	sysretq
SYM_CODE_END(entry_SYSCALL_64)

/*
 * SYSCALL from compatibility mode, which a far jump reaches even though
 * 32-bit programs are not supported (AMD; Intel raises #UD).  Answer ENOSYS.
 * RCX holds the program's 32-bit RIP, R11 its flags.
 */
SYM_CODE_START(entry_SYSCALL_compat)
	UNWIND_HINT_END_OF_STACK
	movl	$-ENOSYS, %eax
	sysretl
SYM_CODE_END(entry_SYSCALL_compat)

/* IRET to ring 3 from a complete frame at the top of the stack, GS is ours */
SYM_CODE_START(return_to_user)
	UNWIND_HINT_REGS
	POP_REGS
	addq	$8, %rsp
	swapgs
SYM_INNER_LABEL(iret_to_user, SYM_L_GLOBAL)
	/* A bad frame faults here, with the program's GS: see idtentry */
	iretq
SYM_CODE_END(return_to_user)

SYM_CODE_START_LOCAL(exception_return)
	UNWIND_HINT_REGS
	testb	$3, CS(%rsp)
	jnz	return_to_user
	POP_REGS
	addq	$8, %rsp
	iretq
SYM_CODE_END(exception_return)

/*
 * idtentry - an exception that runs on the stack the CPU chose
 * @name:	symbol for the gate
 * @cfunc:	void cfunc(struct pt_regs *regs[, unsigned long error_code])
 * @error:	1 if the CPU pushes an error code
 * @gap:	1 leaves room above a frame from ring 0, so that the handler can
 *		emulate a CALL where a breakpoint stands for one
 *
 * An exception raised by iret_to_user has no error-free variant: the CPU
 * always pushes a code with #GP, #NP and #SS.  It is made to look as if the
 * program had raised it, on a clean frame.
 */
.macro idtentry name:req cfunc:req error=0 gap=0
SYM_CODE_START(\name)
	UNWIND_HINT_IRET_REGS offset=\error*8
	ASM_CLAC
	cld
	.if \gap == 1
	testb	$3, 8(%rsp)
	jnz	.Lno_gap_\@
	.rept	6
	pushq	5 * 8(%rsp)
	.endr
	UNWIND_HINT_IRET_REGS
.Lno_gap_\@:
	.endif
	.if \error == 0
	pushq	$-1
	.endif
	PUSH_AND_CLEAR_REGS
	testb	$3, CS(%rsp)
	jz	.Lkernel_\@
	swapgs
.Lcall_\@:
	ENCODE_FRAME_POINTER
	movq	%rsp, %rdi
	.if \error == 1
	movq	ORIG_RAX(%rsp), %rsi
	movq	$-1, ORIG_RAX(%rsp)
	.endif
	call	\cfunc
	jmp	exception_return
.Lkernel_\@:
	.if \error == 1
	cmpq	$iret_to_user, RIP(%rsp)
	jne	.Lcall_\@
	swapgs
	movq	%rsp, %rdi
	call	fixup_bad_iret
	movq	%rax, %rsp
	UNWIND_HINT_REGS
	.endif
	jmp	.Lcall_\@
SYM_CODE_END(\name)
.endm

/*
 * idtentry_ist - an exception with a stack of its own
 *
 * It can hit ring 0 before swapgs (the first instruction of entry_SYSCALL_64,
 * facts: a MOV SS under a watchpoint delays #DB until there) or after it on
 * the way out, so neither RSP nor GS can be trusted.  From ring 3, @user_cfunc
 * runs on the task's stack, because it may schedule and deliver signals.
 */
.macro idtentry_ist name:req cfunc:req user_cfunc error=0
SYM_CODE_START(\name)
	UNWIND_HINT_IRET_REGS offset=\error*8
	ASM_CLAC
	cld
	.if \error == 0
	pushq	$-1
	.endif
	PUSH_AND_CLEAR_REGS
	.ifnb \user_cfunc
	testb	$3, CS(%rsp)
	jnz	.Luser_\@
	.endif
	rdgsbase %rbx
	LOAD_KERNEL_GSBASE reg=ax
	ENCODE_FRAME_POINTER
	movq	%rsp, %rdi
	.if \error == 1
	movq	ORIG_RAX(%rsp), %rsi
	movq	$-1, ORIG_RAX(%rsp)
	.endif
	call	\cfunc
	wrgsbase %rbx
	POP_REGS
	addq	$8, %rsp
	iretq
	.ifnb \user_cfunc
.Luser_\@:
	swapgs
	movq	%rsp, %rdi
	call	move_to_task_stack
	movq	%rax, %rsp
	UNWIND_HINT_REGS
	ENCODE_FRAME_POINTER
	movq	%rsp, %rdi
	call	\user_cfunc
	jmp	exception_return
	.endif
SYM_CODE_END(\name)
.endm

idtentry asm_exc_divide_error		exc_divide_error
idtentry asm_exc_int3			exc_int3		gap=1
idtentry asm_exc_overflow		exc_overflow
idtentry asm_exc_bounds			exc_bounds
idtentry asm_exc_invalid_op		exc_invalid_op
idtentry asm_exc_device_not_available	exc_device_not_available
idtentry asm_exc_coproc_segment_overrun	exc_coproc_segment_overrun
idtentry asm_exc_invalid_tss		exc_invalid_tss		error=1
idtentry asm_exc_segment_not_present	exc_segment_not_present	error=1
idtentry asm_exc_stack_segment		exc_stack_segment	error=1
idtentry asm_exc_general_protection	exc_general_protection	error=1
idtentry asm_exc_page_fault		exc_page_fault		error=1
idtentry asm_exc_coprocessor_error	exc_coprocessor_error
idtentry asm_exc_alignment_check	exc_alignment_check	error=1
idtentry asm_exc_simd_error		exc_simd_error
idtentry asm_exc_unknown		exc_unknown
idtentry asm_exc_unknown_error		exc_unknown		error=1

idtentry_ist asm_exc_debug		exc_debug_kernel	exc_debug_user
idtentry_ist asm_exc_nmi		exc_nmi
idtentry_ist asm_exc_double_fault	exc_double_fault	error=1
idtentry_ist asm_exc_machine_check	exc_machine_check

/* One 16-byte stub per vector from FIRST_EXTERNAL_VECTOR on */
	.balign 16
SYM_CODE_START(irq_entries_start)
	.set vector, FIRST_EXTERNAL_VECTOR
	.rept NR_VECTORS - FIRST_EXTERNAL_VECTOR
	.balign 16
	UNWIND_HINT_IRET_REGS
	.byte	0x68			/* pushq $vector, always 5 bytes */
	.long	vector
	jmp	asm_common_interrupt
	.set vector, vector + 1
	.endr
SYM_CODE_END(irq_entries_start)

/* The vector stands where an error code would */
idtentry asm_common_interrupt		common_interrupt	error=1

	.text

/*
 * struct task_struct *__switch_to_asm(prev in RDI, next in RSI)
 *
 * What is pushed is struct inactive_task_frame (asm/switch_to.h).
 */
SYM_FUNC_START(__switch_to_asm)
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15

	movq	%rsp, TASK_threadsp(%rdi)
	movq	TASK_threadsp(%rsi), %rsp
#ifdef CONFIG_STACKPROTECTOR
	movq	TASK_stack_canary(%rsi), %rbx
	movq	%rbx, PER_CPU_VAR(fixed_percpu_data + FIXED_stack_canary)
#endif

	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	jmp	__switch_to
SYM_FUNC_END(__switch_to_asm)

/*
 * A new task's first instruction, reached from __switch_to_asm(): RAX is the
 * previous task, RBX a kernel thread's function or 0, R12 its argument.
 */
SYM_CODE_START(ret_from_fork_asm)
	/* a kernel thread has nothing above */
	UNWIND_HINT_END_OF_STACK
	movq	%rax, %rdi
	movq	%rsp, %rsi
	movq	%rbx, %rdx
	movq	%r12, %rcx
	call	ret_from_fork
	UNWIND_HINT_REGS
	jmp	return_to_user
SYM_CODE_END(ret_from_fork_asm)

/*
 * void rewind_stack_and_make_dead(int signr), after an oops: the task's stack may
 * be full, or the CPU on another one.  No frame pointer leads out of here.
 */
SYM_CODE_START(rewind_stack_and_make_dead)
	UNWIND_HINT_FUNC
	xorl	%ebp, %ebp
	movq	PER_CPU_VAR(pcpu_hot + X86_top_of_stack), %rax
	leaq	-PTREGS_SIZE(%rax), %rsp
	UNWIND_HINT_REGS
	call	make_task_dead
SYM_CODE_END(rewind_stack_and_make_dead)

/*
 * void asm_load_gs_index(unsigned int selector in EDI), interrupts off
 *
 * Loading GS replaces its base, which is the kernel's: put that back and give
 * the new one to the program, whose base waits in MSR_KERNEL_GS_BASE (swapgs
 * reaches it).  A selector that faults becomes 0; the base is still ours then.
 */
SYM_FUNC_START(asm_load_gs_index)
	rdgsbase %rax
1:	movl	%edi, %gs
2:	rdgsbase %rdx
	wrgsbase %rax
	swapgs
	wrgsbase %rdx
	swapgs
	RET
3:	xorl	%edi, %edi
	jmp	1b
	_ASM_EXTABLE(1b, 3b)
SYM_FUNC_END(asm_load_gs_index)
