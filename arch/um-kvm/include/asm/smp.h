/* SPDX-License-Identifier: GPL-2.0 */
/* CPU numbers and cross-CPU calls; asm/current.h keeps the number per CPU */
#ifndef _ASM_UM_KVM_SMP_H
#define _ASM_UM_KVM_SMP_H
#ifndef __ASSEMBLY__

#include <linux/cpumask.h>
#include <linux/thread_info.h>
#include <asm/current.h>

struct pt_regs;
struct task_struct;

/* From setup_arch(): which CPUs there are, as far as nr_cpus= allows */
void smp_init_cpus(void);
int __cpu_up(unsigned int cpu, struct task_struct *idle);
int __cpu_disable(void);
/* The CPU parks itself: arch_cpu_idle_dead() */
static inline void __cpu_die(unsigned int cpu) { }

/* kernel/head.S: not to be called, see prepare_idle() */
void start_cpu(void);
void smp_send_stop(void);
/* On STOP_VECTOR: this CPU never comes back; objtool knows the name */
void __noreturn stop_this_cpu(void);
/* KGDB: stops all others; on KGDB_VECTOR or an NMI: false if not asked to stop */
void kgdb_stop_others(void);
bool kgdb_stop_cpu(struct pt_regs *regs);
void arch_smp_send_reschedule(int cpu);
void arch_send_call_function_single_ipi(int cpu);
void arch_send_call_function_ipi_mask(const struct cpumask *mask);

#define raw_smp_processor_id()	this_cpu_read(pcpu_hot.cpu_number)
#define __smp_processor_id()	__this_cpu_read(pcpu_hot.cpu_number)

#endif
#endif
