/* SPDX-License-Identifier: GPL-2.0 */
/*
 * First instruction of every bare guest: the state is the one of umkvm.h, so
 * only a stack is missing.  %rsi, the boot structure, becomes the argument.
 */
#include "note.h"

	.section .text.entry, "ax"
	.globl guest_entry
guest_entry:
	leaq	stack_end(%rip), %rsp
	movq	%rsi, %rdi
	call	guest_main
1:	hlt
	jmp	1b

	.bss
	.balign 16
	.skip 16384
stack_end:

	.section .note.um-kvm, "a"
	.balign 4
	.long	2f - 1f, 4f - 3f, NOTE_TYPE
1:	.asciz	"um-kvm"
2:	.balign 4
3:	.long	NOTE_VERSION
4:

	.section .note.GNU-stack, "", @progbits
