/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest of --probe: runs one loop in ring 0 and the same in ring 3, for
 * ever, and leaves by a port write at each border, where probe.c looks at the
 * clock.  SYSRET and SYSCALL change the ring, so no descriptor table is
 * needed; probe.c sets the MSRs that they use.  Linked into the shim as data.
 */
#include "probe_guest.h"

	.section .rodata
	.globl probe_guest, probe_guest_ring0, probe_guest_syscall, probe_guest_end

	.macro LOOP
	movl	$PROBE_LOOPS, %ebx
1:	decl	%ebx
	jnz	1b
	.endm

probe_guest:
	outl	%eax, $PROBE_PORT	/* border 0: ring 0 starts */
probe_guest_ring0:
	LOOP
	outl	%eax, $PROBE_PORT	/* border 1: ring 3 starts */
	leaq	user(%rip), %rcx
	movl	$2, %r11d		/* its RFLAGS */
	sysretq
user:
	LOOP
	syscall
probe_guest_syscall:
	outl	%eax, $PROBE_PORT	/* border 2: both are done */
	jmp	probe_guest
probe_guest_end:

	.section .note.GNU-stack, "", @progbits
