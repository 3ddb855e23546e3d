/* SPDX-License-Identifier: GPL-2.0 */
/* One package, die and node; a core, and with it second level cache, a CPU */
#ifndef _ASM_UM_KVM_TOPOLOGY_H
#define _ASM_UM_KVM_TOPOLOGY_H

#include <linux/cpumask.h>
#include <asm-generic/topology.h>

#define topology_physical_package_id(cpu)	((void)(cpu), 0)
#define topology_die_id(cpu)			((void)(cpu), 0)
#define topology_cluster_id(cpu)		(cpu)
#define topology_core_id(cpu)			(cpu)
#define topology_core_cpumask(cpu)		((void)(cpu), cpu_online_mask)
#define topology_die_cpumask(cpu)		topology_core_cpumask(cpu)
#define topology_cluster_cpumask(cpu)		cpumask_of(cpu)

/* Who shares a last level cache: waking a task may move it within */
const struct cpumask *cpu_coregroup_mask(int cpu);

#endif
