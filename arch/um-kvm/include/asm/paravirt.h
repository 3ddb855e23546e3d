/* SPDX-License-Identifier: GPL-2.0 */
/* There are no pv_ops: what KVM offers is used by the code that needs it */
#ifndef _ASM_UM_KVM_PARAVIRT_H
#define _ASM_UM_KVM_PARAVIRT_H

static inline void paravirt_set_cap(void)
{
}

#endif
