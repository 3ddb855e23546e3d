/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_UM_KVM_HW_IRQ_H
#define _ASM_UM_KVM_HW_IRQ_H
#include <asm/irq_vectors.h>
#endif
