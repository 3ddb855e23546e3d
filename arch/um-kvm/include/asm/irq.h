/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupts from outside: what kernel/irq.c offers to drivers of this port */
#ifndef _ASM_UM_KVM_IRQ_H
#define _ASM_UM_KVM_IRQ_H

#include <asm/irq_vectors.h>

#ifndef __ASSEMBLY__
#include <linux/types.h>

struct msi_msg;
struct cpumask;

/*
 * Called, with the descriptor's lock held, when @irq moves to another CPU:
 * the device must be told its new address and data.
 */
typedef void (*umkvm_msi_write_t)(void *owner, unsigned int irq,
				  const struct msi_msg *msg);

/*
 * Allocates an interrupt that is raised by MSI and says in @msg what the
 * device has to write.  Returns the interrupt or -ENOSPC.  Process context.
 */
int umkvm_msi_alloc(umkvm_msi_write_t write, void *owner, struct msi_msg *msg);
void umkvm_msi_free(unsigned int irq);

static inline int irq_canonicalize(int irq)
{
	return irq;
}

void ack_bad_irq(unsigned int irq);
/* Once per CPU before it is started; -ENOMEM */
int irq_stack_init(int cpu);
/*
 * On a CPU that goes off line, when all interrupts of devices have left it:
 * those that are pending in its local APIC are sent to where they belong now.
 */
void irq_resend_pending(void);

void arch_trigger_cpumask_backtrace(const struct cpumask *mask,
				    int exclude_cpu);
#define arch_trigger_cpumask_backtrace arch_trigger_cpumask_backtrace

#endif

#endif
