/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel keeps per CPU model (struct cpuinfo_x86) and per thread
 * (struct thread_struct), and the few macros that generic code expects here.
 *
 * The names are those of arch/x86, because the files that are compiled by
 * reference from there (FPU, signals, ptrace, vDSO) use them; fields that
 * none of those files reads are left out.  TSS and GDT are in asm/desc.h.
 */
#ifndef _ASM_UM_KVM_PROCESSOR_H
#define _ASM_UM_KVM_PROCESSOR_H

#include <asm/processor-flags.h>

struct task_struct;
struct mm_struct;
struct pt_regs;
struct io_bitmap;
struct perf_event;

#include <asm/segment.h>
#include <asm/types.h>
#include <uapi/asm/sigcontext.h>
#include <asm/current.h>
#include <asm/cpufeatures.h>
#include <asm/cpuid.h>
#include <asm/page.h>
#include <asm/pgtable_types.h>
#include <asm/percpu.h>
#include <asm/desc_defs.h>
#include <asm/nops.h>
#include <asm/special_insns.h>
#include <asm/fpu/types.h>
#include <asm/unwind_hints.h>
#include <asm/vdso/processor.h>
#include <asm/shstk.h>

#include <linux/personality.h>
#include <linux/cache.h>
#include <linux/threads.h>
#include <linux/math64.h>
#include <linux/err.h>
#include <linux/irqflags.h>

/* Unaligned loads are cheap, unaligned DMA is the host's business */
#define NET_IP_ALIGN	0

#define HBP_NUM		4	/* DR0..DR3 */

/* XSAVE wants 64 bytes; the area sits at the end of the task */
#define ARCH_MIN_TASKALIGN	__alignof__(union fpregs_state)
#define ARCH_MIN_MMSTRUCT_ALIGN	0

/* Where a CPU sits; a vCPU is a package of its own, see kernel/cpu.c */
struct cpuinfo_topology {
	u32	apicid;
	u32	initial_apicid;
	u32	pkg_id;
	u32	die_id;
	u32	core_id;
	u32	llc_id;
	u32	l2c_id;
};

/*
 * struct cpuinfo_x86 - what CPUID says about one CPU
 * @x86_capability: feature words of asm/cpufeatures.h, then the bug words;
 *	bit operations on it need the alignment of a long
 * @x86_virt_bits, @x86_phys_bits: width of addresses
 */
struct cpuinfo_x86 {
	union {
		struct {
			__u8	x86_model;
			__u8	x86;
			__u8	x86_vendor;
			__u8	x86_reserved;
		};
		__u32		x86_vfm;
	};
	__u8			x86_stepping;
	int			x86_tlbsize;
	__u8			x86_virt_bits;
	__u8			x86_phys_bits;
	__u32			extended_cpuid_level;
	int			cpuid_level;
	__u32			x86_capability[NCAPINTS + NBUGINTS]
				__aligned(sizeof(long));
	char			x86_vendor_id[16];
	char			x86_model_id[64];
	struct cpuinfo_topology	topo;
	unsigned int		x86_cache_size;
	int			x86_cache_alignment;
	int			x86_power;
	unsigned long		loops_per_jiffy;
	u16			x86_clflush_size;
	u16			booted_cores;
	u16			cpu_index;
	u32			microcode;
};

#define X86_VENDOR_INTEL	0
#define X86_VENDOR_AMD		2
#define X86_VENDOR_CENTAUR	5
#define X86_VENDOR_HYGON	9
#define X86_VENDOR_ZHAOXIN	10
#define X86_VENDOR_UNKNOWN	0xff

/* The boot CPU; the bits that code is patched by.  All CPUs must have them. */
extern struct cpuinfo_x86 boot_cpu_data;
extern __u32 cpu_caps_cleared[NCAPINTS + NBUGINTS];
extern __u32 cpu_caps_set[NCAPINTS + NBUGINTS];

DECLARE_PER_CPU_READ_MOSTLY(struct cpuinfo_x86, cpu_info);
#define cpu_data(cpu)		per_cpu(cpu_info, cpu)

extern const struct seq_operations cpuinfo_op;

#define cache_line_size()	(boot_cpu_data.x86_cache_alignment)

/*
 * cpu_early_init() is the first thing in setup_arch(): it fills boot_cpu_data.
 * cpu_init() runs on each CPU once GDT, IDT and TSS are loaded: control
 * registers, debug registers, system call MSRs.  arch_cpu_finalize_init()
 * completes the boot CPU, cpu_init_secondary() follows cpu_init() on others.
 */
void cpu_early_init(void);
void cpu_init(void);
void cpu_init_secondary(void);

/* kernel/cpuid.c */
void identify_cpu(struct cpuinfo_x86 *c);
void check_required_features(const struct cpuinfo_x86 *c);

/*
 * CR4 of this CPU.  To write it, and on AMD to read it, leaves the VM: hence
 * the copy, which cpu_early_init() and cpu_init() take.  Written at boot, by
 * TLB flushes of CPUs without INVPCID, and for the few tasks with TIF_NOTSC.
 */
DECLARE_PER_CPU(unsigned long, cpu_cr4);

static inline unsigned long cr4_read_shadow(void)
{
	return this_cpu_read(cpu_cr4);
}

void cr4_update_irqsoff(unsigned long set, unsigned long clear);

static inline void cr4_set_bits(unsigned long mask)
{
	unsigned long flags;

	local_irq_save(flags);
	cr4_update_irqsoff(mask, 0);
	local_irq_restore(flags);
}

static inline void cr4_clear_bits(unsigned long mask)
{
	unsigned long flags;

	local_irq_save(flags);
	cr4_update_irqsoff(0, mask);
	local_irq_restore(flags);
}

static inline void cr4_toggle_bits_irqsoff(unsigned long mask)
{
	unsigned long cr4 = cr4_read_shadow();

	cr4_update_irqsoff(mask & ~cr4, mask & cr4);
}

/* gcc takes the stack canary from %gs:40, so this is per-CPU offset 0 */
struct fixed_percpu_data {
	char		gs_base[40];
	unsigned long	stack_canary;
};

DECLARE_PER_CPU_FIRST(struct fixed_percpu_data, fixed_percpu_data) __visible;

/* The value of the kernel's GS base on @cpu */
static inline unsigned long cpu_kernelmode_gs_base(int cpu)
{
	return (unsigned long)per_cpu(fixed_percpu_data.gs_base, cpu);
}

/*
 * The I/O permission note of a core dump has this size; iopl() and ioperm()
 * do not exist here, so that no thread ever has a bitmap.
 */
#define IO_BITMAP_BITS		65536
#define IO_BITMAP_BYTES		(IO_BITMAP_BITS / BITS_PER_BYTE)
#define IO_BITMAP_LONGS		(IO_BITMAP_BYTES / sizeof(long))

/*
 * struct thread_struct - what a thread has beyond pt_regs
 * @sp:		kernel stack pointer while it does not run
 * @es, @ds, @fsindex, @gsindex, @fsbase, @gsbase: user segment registers
 *		while it does not run, see kernel/segments.c
 * @ptrace_bps, @virtual_dr6, @ptrace_dr7: debug registers as the tracer set
 *		them; @virtual_dr6 has the polarity of "1 means happened"
 * @cr2, @trap_nr, @error_code: of the last fault, for siginfo and sigcontext
 * @io_bitmap:	always NULL
 * @pkru:	valid while it does not run; the register is right otherwise
 * @fpu:	variable size, therefore last
 */
struct thread_struct {
	unsigned long		sp;
	unsigned short		es;
	unsigned short		ds;
	unsigned short		fsindex;
	unsigned short		gsindex;
	unsigned long		fsbase;
	unsigned long		gsbase;
	struct perf_event	*ptrace_bps[HBP_NUM];
	unsigned long		virtual_dr6;
	unsigned long		ptrace_dr7;
	unsigned long		cr2;
	unsigned long		trap_nr;
	unsigned long		error_code;
	struct io_bitmap	*io_bitmap;
	u32			pkru;
	struct fpu		fpu;
};

void fpu_thread_struct_whitelist(unsigned long *offset, unsigned long *size);

static inline void arch_thread_struct_whitelist(unsigned long *offset,
						unsigned long *size)
{
	fpu_thread_struct_whitelist(offset, size);
}

static __always_inline void native_swapgs(void)
{
	asm volatile("swapgs" ::: "memory");
}

static __always_inline unsigned long current_top_of_stack(void)
{
	return this_cpu_read_stable(pcpu_hot.top_of_stack);
}

static __always_inline bool on_thread_stack(void)
{
	return current_top_of_stack() - current_stack_pointer < THREAD_SIZE;
}

/*
 * Orders earlier stores before a WRMSR to TSC_DEADLINE or an x2APIC register,
 * the two that do not serialize.  AMD's do, where the fence is patched out.
 */
static inline void weak_wrmsr_fence(void)
{
	alternative("mfence; lfence", "", ALT_NOT(X86_FEATURE_APIC_MSRS_FENCE));
}

/* The DIV0 erratum of Zen 1 is the host's to mitigate */
static __always_inline void amd_clear_divider(void) { }

unsigned long __get_wchan(struct task_struct *p);
unsigned long arch_align_stack(unsigned long sp);
void start_thread(struct pt_regs *regs, unsigned long ip, unsigned long sp);
void current_save_fsgs(void);
void set_task_blockstep(struct task_struct *task, bool on);

/* pt_regs of the entry from user mode are at the very top of the stack */
#define task_pt_regs(task) \
	((struct pt_regs *)(task_stack_page(task) + THREAD_SIZE) - 1)
#define task_top_of_stack(task)	((unsigned long)(task_pt_regs(task) + 1))

#define TOP_OF_INIT_STACK \
	((unsigned long)&init_stack + sizeof(init_stack))
extern unsigned long __top_init_kernel_stack[];

#define INIT_THREAD {						\
	.sp	= (unsigned long)&__top_init_kernel_stack,	\
}

#define KSTK_EIP(task)		(task_pt_regs(task)->ip)
#define KSTK_ESP(task)		(task_pt_regs(task)->sp)

/* cpuidle_haltpoll asks for "idle=", which this port does not have */
enum idle_boot_override { IDLE_NO_OVERRIDE };
#define boot_option_idle_override	IDLE_NO_OVERRIDE

#define HAVE_ARCH_PICK_MMAP_LAYOUT 1
#define __TASK_UNMAPPED_BASE(task_size)	(PAGE_ALIGN((task_size) / 3))
#define TASK_UNMAPPED_BASE		__TASK_UNMAPPED_BASE(TASK_SIZE_LOW)

/* prctl(PR_GET_TSC), prctl(PR_SET_TSC) */
#define GET_TSC_CTL(adr)	get_tsc_mode(adr)
#define SET_TSC_CTL(val)	set_tsc_mode(val)

int get_tsc_mode(unsigned long adr);
int set_tsc_mode(unsigned int val);
void disable_TSC(void);

#endif /* _ASM_UM_KVM_PROCESSOR_H */
