/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The local APIC, in x2APIC mode from the first instruction: each register is
 * an MSR, so each access but TPR and a posted EOI may exit (facts are in
 * Documentation/host.rst).  APIC ID == CPU number.
 */
#ifndef _ASM_UM_KVM_APIC_H
#define _ASM_UM_KVM_APIC_H

#include <linux/types.h>
#include <asm/apicdef.h>
#include <asm/irq_vectors.h>

struct cpumask;

/* Software-enables the local APIC of this CPU; its timer stays masked */
void apic_init_cpu(void);
void apic_eoi(void);
void apic_write(u32 reg, u32 value);
/* True if @vector waits for this CPU to take it */
bool apic_irq_pending(unsigned int vector);
/* Interrupt @vector, or APIC_DM_NMI, to one other CPU, to many, to this one */
void apic_send_ipi(int cpu, int vector);
void apic_send_ipi_mask(const struct cpumask *mask, int vector);
void apic_send_ipi_self(int vector);

#endif
