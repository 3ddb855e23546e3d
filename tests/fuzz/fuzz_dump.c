// SPDX-License-Identifier: GPL-2.0
/*
 * A dead guest of any bytes: the log and the page tables are looked for in it.
 * The input is the length of VMCOREINFO, and RAM, which begins with that.
 */
#include <string.h>
#include <sys/mman.h>

#include "console.h"
#include "dump_map.h"
#include "harness.h"
#include "printk_ring.h"
#include "vmcoreinfo.h"

bool console_shows(const char *text)
{
	return strlen(text) % 2;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	static Elf64_Phdr phdrs[64];
	struct guest_ram ram;
	u16 info_len;

	if (len <= sizeof(info_len))
		return 0;
	memcpy(&info_len, data, sizeof(info_len));
	ram = (struct guest_ram){ .low_len = len - sizeof(info_len) };
	ram.host = malloc(ram.low_len);
	memcpy(ram.host, data + sizeof(info_len), ram.low_len);
	vmcoreinfo_clear();
	vmcoreinfo_set(&ram, 0, info_len % (UMKVM_VMCOREINFO_MAX + 1));
	printk_ring_print(&ram);
	dump_map(&ram, 0, phdrs, ARRAY_SIZE(phdrs));
	free(ram.host);
	return 0;
}
