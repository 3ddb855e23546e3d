/* SPDX-License-Identifier: GPL-2.0 */
/* One package, one node, a core a CPU; arch/x86's describes more than that */
#ifndef _ASM_UM_KVM_TOPOLOGY_H
#define _ASM_UM_KVM_TOPOLOGY_H

#include <linux/cpumask.h>
#include <asm-generic/topology.h>

#define topology_physical_package_id(cpu)	((void)(cpu), 0)
#define topology_core_id(cpu)			(cpu)
#define topology_core_cpumask(cpu)		((void)(cpu), cpu_online_mask)

/* Who shares a last level cache: waking a task may move it within */
const struct cpumask *cpu_coregroup_mask(int cpu);

#endif
