// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that is in guest memory at the first instruction: kernel, initial
 * page tables, command line, initrd and struct umkvm_boot.  Memory is zero
 * when boot_load() is called, for the first boot as for a restart.
 *
 *   0x1000 boot  0x2000 command line  0x4000 page tables  0x200000 kernel ...
 *   ... initrd at the end of low memory
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <asm/umkvm.h>

#include "boot.h"
#include "die.h"

/* An initrd may be one of several archives: each starts on 4 bytes. */
#define ARCHIVE_ALIGN	4

/* Present, writable, accessed, dirty; and PS for a 2 MiB page. */
#define PTE_TABLE	0x63ULL
#define PTE_HUGE	0xe3ULL

void boot_open_initrds(struct boot *boot, char *list)
{
	char *path, *rest = list;

	if (!list)
		return;
	while ((path = strsep(&rest, ","))) {
		struct file *file = &boot->initrds[boot->nr_initrds];

		if (boot->nr_initrds == BOOT_INITRDS)
			die("initrd=: more than %d files", BOOT_INITRDS);
		file_open(file, "initrd", path);
		if (file->len > UMKVM_HOLE_START)
			die("initrd=%s: larger than low memory can be", path);
		boot->initrd_len += align_up(file->len, ARCHIVE_ALIGN);
		boot->nr_initrds++;
	}
}

u64 boot_mem_needed(const struct boot *boot)
{
	return align_up(boot->kernel.end_gpa, PAGE_LEN) +
	       align_up(boot->initrd_len, PAGE_LEN);
}

static void *boot_mem(struct vm *vm, u64 gpa, u64 len)
{
	void *to = guest_mem(&vm->ram, gpa, len);

	if (!to)
		die("mem=: memory ends before 0x%llx", gpa + len);
	return to;
}

/* PML4, two PDPTs, and the page directory of the first GiB that both share. */
static void build_page_tables(struct vm *vm)
{
	u64 (*table)[512] = boot_mem(vm, UMKVM_PGTABLE_GPA, 4 * PAGE_LEN);
	const u64 gpa = UMKVM_PGTABLE_GPA;
	unsigned int i;

	table[0][UMKVM_DIRECT_MAP >> 39 & 511] = (gpa + PAGE_LEN) | PTE_TABLE;
	table[0][UMKVM_KERNEL_MAP >> 39 & 511] = (gpa + 2 * PAGE_LEN) | PTE_TABLE;
	table[1][UMKVM_DIRECT_MAP >> 30 & 511] = (gpa + 3 * PAGE_LEN) | PTE_TABLE;
	table[2][UMKVM_KERNEL_MAP >> 30 & 511] = (gpa + 3 * PAGE_LEN) | PTE_TABLE;
	for (i = 0; i < 512; i++)
		table[3][i] = MIB(2) * i | PTE_HUGE;
}

static u64 load_initrds(const struct boot *boot, struct vm *vm)
{
	u64 gpa = align_down(vm->ram.low_len - boot->initrd_len, PAGE_LEN);
	u64 next = gpa;
	unsigned int i;

	if (!boot->initrd_len)
		return 0;
	for (i = 0; i < boot->nr_initrds; i++) {
		const struct file *file = &boot->initrds[i];

		file_read(file, 0, boot_mem(vm, next, file->len), file->len);
		next += align_up(file->len, ARCHIVE_ALIGN);
	}
	return gpa;
}

static void fill_memory_map(struct umkvm_boot *info, const struct vm *vm)
{
	info->mem[info->nr_mem++] = (struct umkvm_mem){
		.start_gpa = 0,
		.mem_len = vm->ram.low_len,
	};
	if (vm->ram.high_len)
		info->mem[info->nr_mem++] = (struct umkvm_mem){
			.start_gpa = UMKVM_HOLE_END,
			.mem_len = vm->ram.high_len,
		};
}

static void fill_seed(struct umkvm_boot *info)
{
	size_t done = 0;

	while (done < sizeof(info->seed)) {
		ssize_t got = getrandom(info->seed + done,
					sizeof(info->seed) - done, 0);

		if (got < 0 && errno != EINTR)
			die_errno("cannot get random numbers");
		if (got > 0)
			done += got;
	}
}

void boot_load(const struct boot *boot, struct vm *vm)
{
	struct umkvm_boot info = {
		.magic = UMKVM_BOOT_MAGIC,
		.version = UMKVM_ABI_VERSION,
		.nr_cpus = vm->nr_cpus,
		.nr_devices = vm->nr_devices,
		.tsc_khz = vm->tsc_khz,
		.cmdline_len = strlen(boot->cmdline),
		.initrd_len = boot->initrd_len,
		.watchdog = boot->watchdog,
	};

	loader_load(&boot->kernel, &vm->ram);
	build_page_tables(vm);
	info.initrd_gpa = load_initrds(boot, vm);
	fill_memory_map(&info, vm);
	fill_seed(&info);
	memcpy(boot_mem(vm, UMKVM_CMDLINE_GPA, UMKVM_CMDLINE_SIZE),
	       boot->cmdline, info.cmdline_len + 1);
	memcpy(boot_mem(vm, UMKVM_BOOT_GPA, sizeof(info)), &info, sizeof(info));
}
