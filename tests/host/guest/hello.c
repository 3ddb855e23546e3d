// SPDX-License-Identifier: GPL-2.0
/*
 * hello: prints what the shim told it, then powers off with code 7.
 */
#include "guest.h"

void guest_main(const struct umkvm_boot *entry_boot)
{
	const struct umkvm_boot *boot = direct((__u64)entry_boot);
	__u32 i;

	print("hello from a bare guest\n");
	print_number("magic", boot->magic);
	print_number("version", boot->version);
	print_number("cpus", boot->nr_cpus);
	print_number("devices", boot->nr_devices);
	print_number("tsc_khz known", boot->tsc_khz > 0);
	print_number("initrd_gpa", boot->initrd_gpa);
	print_number("initrd_len", boot->initrd_len);
	for (i = 0; i < boot->nr_mem; i++) {
		print_number("mem start", boot->mem[i].start_gpa);
		print_number("mem len", boot->mem[i].mem_len);
	}
	print("command line: ");
	print((char *)UMKVM_KERNEL_MAP + UMKVM_CMDLINE_GPA);
	print("\n");
	if (boot->initrd_len)
		call(UMKVM_CALL_CONSOLE_WRITE, boot->initrd_gpa,
		     boot->initrd_len, 0, 0, 0);
	stop(7);
}
