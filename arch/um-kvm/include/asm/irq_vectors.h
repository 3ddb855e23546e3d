/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interrupt vectors.  0..31 are the CPU's exceptions.  Devices interrupt by
 * MSI only; vector FIRST_DEVICE_VECTOR + n is Linux interrupt n, the same on
 * every CPU, so that /proc/interrupts, the MSI data and the IDT agree.
 */
#ifndef _ASM_UM_KVM_IRQ_VECTORS_H
#define _ASM_UM_KVM_IRQ_VECTORS_H

#define NR_VECTORS			256
#define NR_EXCEPTIONS			32
#define FIRST_EXTERNAL_VECTOR		32

#define FIRST_DEVICE_VECTOR		0x30
#define FIRST_SYSTEM_VECTOR		0xf0

#define LOCAL_TIMER_VECTOR		0xf0
#define IRQ_WORK_VECTOR			0xf1
#define CALL_FUNCTION_VECTOR		0xf2
#define CALL_FUNCTION_SINGLE_VECTOR	0xf3
#define RESCHEDULE_VECTOR		0xf4
#define STOP_VECTOR			0xf5
#define KGDB_VECTOR			0xf6
#define ASYNC_PF_VECTOR			0xf7
#define LAST_SYSTEM_VECTOR		ASYNC_PF_VECTOR
#define SPURIOUS_APIC_VECTOR		0xff

#define NR_IRQS				(FIRST_SYSTEM_VECTOR - FIRST_DEVICE_VECTOR)
#define NR_IRQS_LEGACY			0

#endif
