/* SPDX-License-Identifier: GPL-2.0 */
/* The generic C unlock is used: there are no pv_ops to save registers for */
#ifndef _ASM_UM_KVM_QSPINLOCK_PARAVIRT_H
#define _ASM_UM_KVM_QSPINLOCK_PARAVIRT_H

void __pv_queued_spin_unlock_slowpath(struct qspinlock *lock, u8 locked);

#endif
