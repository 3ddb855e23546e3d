/* SPDX-License-Identifier: GPL-2.0 */
/* What kernel/module.c of arch/x86 expects of an unwinder with tables: none */
#ifndef _ASM_UM_KVM_UNWIND_H
#define _ASM_UM_KVM_UNWIND_H

#include <linux/module.h>

static inline void unwind_module_init(struct module *mod, void *orc_ip,
				      size_t orc_ip_size, void *orc,
				      size_t orc_size)
{
}

#endif
