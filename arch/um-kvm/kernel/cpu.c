// SPDX-License-Identifier: GPL-2.0
/*
 * Registers that are set once per CPU: control registers, system call entry,
 * debug registers, the CPU number for the vDSO.  Writes to CR0, CR4 and XCR0
 * leave the VM, so nothing here is written when it has its value already.
 *
 * All CPUs are alike: the shim gives each the same CPUID table, and the bits
 * of the boot CPU are those that the code is patched by.
 */
#include <linux/cpu.h>
#include <linux/cpufreq.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <asm/alternative.h>
#include <asm/cpufeature.h>
#include <asm/debugreg.h>
#include <asm/fpu/api.h>
#include <asm/fsgsbase.h>
#include <asm/hwcap2.h>
#include <asm/msr.h>
#include <asm/pkru.h>
#include <asm/processor.h>
#include <asm/runtime-const.h>
#include <asm/tlbflush.h>
#include <asm/tsc.h>

struct cpuinfo_x86 boot_cpu_data __read_mostly;
EXPORT_SYMBOL(boot_cpu_data);
__u32 cpu_caps_cleared[NCAPINTS + NBUGINTS] __aligned(sizeof(long));
__u32 cpu_caps_set[NCAPINTS + NBUGINTS] __aligned(sizeof(long));

DEFINE_PER_CPU_READ_MOSTLY(struct cpuinfo_x86, cpu_info);
EXPORT_PER_CPU_SYMBOL(cpu_info);

DEFINE_PER_CPU_FIRST(struct fixed_percpu_data, fixed_percpu_data)
	__aligned(PAGE_SIZE) __visible;
EXPORT_PER_CPU_SYMBOL_GPL(fixed_percpu_data);

DEFINE_PER_CPU(unsigned long, cpu_cr4);

/* Modules read it; built-in code has it as an immediate operand */
unsigned long USER_PTR_MAX;
EXPORT_SYMBOL(USER_PTR_MAX);

u32 elf_hwcap2 __ro_after_init;

void native_write_cr0(unsigned long val)
{
	asm volatile("mov %0, %%cr0" : : "r" (val) : "memory");
}
EXPORT_SYMBOL(native_write_cr0);

void native_write_cr4(unsigned long val)
{
	asm volatile("mov %0, %%cr4" : : "r" (val) : "memory");
}
EXPORT_SYMBOL_GPL(native_write_cr4);

void cr4_update_irqsoff(unsigned long set, unsigned long clear)
{
	unsigned long cr4 = this_cpu_read(cpu_cr4);
	unsigned long new = (cr4 & ~clear) | set;

	lockdep_assert_irqs_disabled();
	if (new == cr4)
		return;
	this_cpu_write(cpu_cr4, new);
	__write_cr4(new);
}
EXPORT_SYMBOL(cr4_update_irqsoff);

void __init cpu_early_init(void)
{
	this_cpu_write(cpu_cr4, __read_cr4());
	identify_cpu(&boot_cpu_data);
	check_required_features(&boot_cpu_data);
	elf_hwcap2 = HWCAP2_FSGSBASE;
}

/*
 * One write for all of CR4 but PCIDE, which tlb_init_cpu() sets, and SMAP,
 * which waits until STAC and CLAC are in the code.
 */
static void init_cr4(void)
{
	unsigned long set = X86_CR4_PGE | X86_CR4_OSFXSR | X86_CR4_OSXMMEXCPT |
			    X86_CR4_FSGSBASE | X86_CR4_OSXSAVE | X86_CR4_SMEP;

	if (boot_cpu_has(X86_FEATURE_UMIP))
		set |= X86_CR4_UMIP;
	if (boot_cpu_has(X86_FEATURE_PKU))
		set |= X86_CR4_PKE;

	this_cpu_write(cpu_cr4, __read_cr4());
	cr4_set_bits(set);
}

/* DR7 first: nothing must fire while the others change */
static void init_debug_registers(void)
{
	set_debugreg(DR7_FIXED_1, 7);
	set_debugreg(DR6_RESERVED, 6);
	set_debugreg(0, 0);
	set_debugreg(0, 1);
	set_debugreg(0, 2);
	set_debugreg(0, 3);
}

/* asm/proto.h knows the second only as part of 32-bit emulation */
#undef entry_SYSCALL_compat
asmlinkage void entry_SYSCALL_64(void);
asmlinkage void entry_SYSCALL_compat(void);

/*
 * A program can reach compatibility mode by a far jump.  SYSCALL goes to CSTAR
 * from there on AMD, and is #UD on Intel; SYSENTER with a null CS is #GP.
 */
static void init_syscall(void)
{
	wrmsr(MSR_STAR, 0, (__USER32_CS << 16) | __KERNEL_CS);
	wrmsrl(MSR_LSTAR, (unsigned long)entry_SYSCALL_64);
	wrmsrl(MSR_CSTAR, (unsigned long)entry_SYSCALL_compat);
	wrmsrl(MSR_IA32_SYSENTER_CS, 0);
	wrmsrl(MSR_SYSCALL_MASK,
	       X86_EFLAGS_CF | X86_EFLAGS_PF | X86_EFLAGS_AF | X86_EFLAGS_ZF |
	       X86_EFLAGS_SF | X86_EFLAGS_TF | X86_EFLAGS_IF | X86_EFLAGS_DF |
	       X86_EFLAGS_OF | X86_EFLAGS_IOPL | X86_EFLAGS_NT |
	       X86_EFLAGS_RF | X86_EFLAGS_AC | X86_EFLAGS_ID);
}

/* RDTSCP and RDPID give the vDSO the CPU number; all memory is node 0 */
static void init_tsc_aux(int cpu)
{
	if (boot_cpu_has(X86_FEATURE_RDTSCP) || boot_cpu_has(X86_FEATURE_RDPID))
		wrmsrl(MSR_TSC_AUX,
		       vdso_encode_cpunode(cpu, 0));
}

static void init_pkru(void)
{
	if (!boot_cpu_has(X86_FEATURE_PKU))
		return;
	if (!boot_cpu_has(X86_FEATURE_OSPKE))
		set_cpu_cap(&boot_cpu_data, X86_FEATURE_OSPKE);
	wrpkru(pkru_get_init_value());
}

void cpu_init(void)
{
	init_cr4();
	tlb_init_cpu();
	init_debug_registers();
	init_syscall();
	init_tsc_aux(raw_smp_processor_id());
	init_pkru();
	wrfsbase(0);
	x86_gsbase_write_cpu_inactive(0);
}

/* Fills cpu_info of this CPU; all vCPUs are cores of one package */
static void store_cpu_info(unsigned int cpu)
{
	struct cpuinfo_x86 *c = &cpu_data(cpu);

	*c = boot_cpu_data;
	c->cpu_index = cpu;
	c->loops_per_jiffy = loops_per_jiffy;
	c->booted_cores = num_present_cpus();
	c->topo.apicid = cpuid_ebx(1) >> 24;
	c->topo.initial_apicid = c->topo.apicid;
	c->topo.core_id = cpu;
}

static void enable_smap(void)
{
	if (boot_cpu_has(X86_FEATURE_SMAP))
		cr4_set_bits(X86_CR4_SMAP);
}

void __init arch_cpu_finalize_init(void)
{
	/* sizes decide about features, so before patching by them */
	fpu__init_system();
	store_cpu_info(0);
	alternative_instructions();

	USER_PTR_MAX = TASK_SIZE_MAX;
	runtime_const_init(ptr, USER_PTR_MAX);
	enable_smap();
}

void cpu_init_secondary(void)
{
	fpu__init_cpu();
	enable_smap();
	store_cpu_info(smp_processor_id());
}

/* For /proc/cpuinfo: the guest's TSC runs at the frequency of its vCPU */
unsigned int arch_freq_get_on_cpu(int cpu)
{
	return tsc_khz;
}
