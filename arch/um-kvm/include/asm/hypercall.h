/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls to the shim, see asm/umkvm.h.  Each costs an exit to the shim's vCPU
 * loop (a doorbell costs one that ends in the host kernel), so none of them
 * belongs on a path that runs often.
 */
#ifndef _ASM_UM_KVM_HYPERCALL_H
#define _ASM_UM_KVM_HYPERCALL_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/umkvm.h>

/*
 * Performs call @nr with up to six arguments and returns its status.  Any
 * context; interrupts are off while the call block of this CPU is in use.
 */
s32 umkvm_call6(enum umkvm_call_nr nr, const u64 arg[6]);

#define umkvm_call(nr, ...)	umkvm_call6(nr, (u64[6]) { __VA_ARGS__ })

/* UMKVM_CPU_PARKED or UMKVM_CPU_RUNNING, as the shim says */
u32 umkvm_cpu_state(unsigned int cpu);

/*
 * Ends the guest: see enum umkvm_stop for what @arg and @len are.  Inline, so that
 * objtool sees that nothing follows it.
 */
static __always_inline void __noreturn umkvm_stop(enum umkvm_stop how, u64 arg,
						  u64 len)
{
	for (;;)
		umkvm_call(UMKVM_CALL_STOP, how,
			   how == UMKVM_STOP_POWER_OFF ? arg : 0,
			   how == UMKVM_STOP_PANIC ? arg : 0, len);
}

/* Writes to the host's console at once, without interrupts or locks */
void umkvm_console_write(const char *s, unsigned int len);

/*
 * Tells the host to look at a queue.  The OUT orders earlier stores of this
 * CPU before the host's wake-up: an exit is serializing.
 */
void umkvm_doorbell(u32 number);

#endif
