// SPDX-License-Identifier: GPL-2.0
/*
 * From the shim's words to a kernel that can boot: checks struct umkvm_boot,
 * copies it, tells memblock what memory there is, and calls the set-up of the
 * other files in the one order that works.
 */
#include <linux/delay.h>
#include <linux/elfnote.h>
#include <linux/init.h>
#include <linux/initrd.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/pm.h>
#include <linux/random.h>
#include <linux/reboot.h>
#include <linux/start_kernel.h>
#include <linux/vmcore_info.h>
#include <asm/desc.h>
#include <asm/hypercall.h>
#include <asm/kasan.h>
#include <asm/kvm_features.h>
#include <asm/sections.h>
#include <asm/setup.h>
#include <asm/smp.h>
#include <asm/traps.h>
#include <asm/tsc.h>
#include <asm/unwind.h>

/* The shim reads this before it enters the kernel */
ELFNOTE32(UMKVM_NOTE_NAME, UMKVM_NOTE_ABI, (u32)UMKVM_ABI_VERSION);

struct umkvm_boot umkvm_boot __ro_after_init;
unsigned int tsc_khz __ro_after_init;

static char command_line[COMMAND_LINE_SIZE] __initdata;

/* Not instrumented itself: there is no shadow yet */
asmlinkage void __noreturn __init __no_sanitize_address
umkvm_start_kernel(u64 boot_gpa)
{
	struct umkvm_boot *boot = __va(boot_gpa);

	kasan_early_init();
	idt_init();
	load_descriptors(0);
	if (boot->magic != UMKVM_BOOT_MAGIC ||
	    boot->version != UMKVM_ABI_VERSION)
		umkvm_stop(UMKVM_STOP_VERSION, 0, 0);

	umkvm_boot = *boot;
	memzero_explicit(boot->seed, sizeof(boot->seed));
	memcpy(boot_command_line, __va(UMKVM_CMDLINE_GPA),
	       COMMAND_LINE_SIZE - 1);
	start_kernel();
}

static void __init add_memory(void)
{
	unsigned int i;

	for (i = 0; i < umkvm_boot.nr_mem; i++)
		memblock_add(umkvm_boot.mem[i].start_gpa,
			     umkvm_boot.mem[i].mem_len);

	/* the pages below 1 MiB are the contract's (asm/umkvm.h) */
	memblock_reserve(0, SZ_1M);
	memblock_reserve(__pa_symbol(_text), _end - _text);
	/* what the shim mapped for us; paging_init() maps the rest */
	memblock_set_current_limit(SZ_1G);
	max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	max_low_pfn = max_pfn;
	memblock_dump_all();
}

static void __init reserve_initrd(void)
{
	if (!umkvm_boot.initrd_len)
		return;
	initrd_start = (unsigned long)__va(umkvm_boot.initrd_gpa);
	initrd_end = initrd_start + umkvm_boot.initrd_len;
	memblock_reserve(umkvm_boot.initrd_gpa,
			 PAGE_ALIGN(umkvm_boot.initrd_len));
}

void __init setup_arch(char **cmdline_p)
{
	setup_initial_init_mm(_text, _etext, _edata, _end);
	strscpy(command_line, boot_command_line, COMMAND_LINE_SIZE);
	*cmdline_p = command_line;

	tsc_khz = umkvm_boot.tsc_khz;
	cpu_early_init();
	kvm_para_init();
	add_bootloader_randomness(umkvm_boot.seed, sizeof(umkvm_boot.seed));
	memzero_explicit(umkvm_boot.seed, sizeof(umkvm_boot.seed));
	parse_early_param();
	early_console_init();
	smp_init_cpus();
	kvm_para_settle();

	add_memory();
	reserve_initrd();
	paging_init();
	cpu_init();
	kvmclock_early_init();
	pm_power_off = machine_power_off;
	unwind_init();
}

/* No loop is needed: TSC and jiffies have a known ratio */
void calibrate_delay(void)
{
	loops_per_jiffy = (u64)tsc_khz * 1000 / HZ;
}

/* The last of the lines.  Their names are those of x86, as in all dumps of it. */
void arch_crash_save_vmcoreinfo(void)
{
	VMCOREINFO_NUMBER(phys_base);
	VMCOREINFO_SYMBOL(init_top_pgt);
	VMCOREINFO_NUMBER(KERNEL_IMAGE_SIZE);
	/* whose registers a dump has: see note_cpu() in host/dump.c */
	VMCOREINFO_SYMBOL(__per_cpu_offset);
	VMCOREINFO_SYMBOL(pcpu_hot);
	VMCOREINFO_OFFSET(task_struct, pid);
	vmcoreinfo_append_str("NUMBER(pgtable_l5_enabled)=0\n");
	vmcoreinfo_append_str("KERNELOFFSET=0\n");
	umkvm_call(UMKVM_CALL_VMCOREINFO, __pa(vmcoreinfo_data),
		   vmcoreinfo_size);
}
