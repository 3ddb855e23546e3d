// SPDX-License-Identifier: GPL-2.0
/*
 * The ELF loader on any bytes: refused in one line, or loaded inside of RAM.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "loader.h"

#define RAM_LEN	MIB(4)

static struct guest_ram ram;

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	static struct kernel_image kernel;

	if (!ram.host) {
		ram.low_len = RAM_LEN;
		ram.host = mmap(NULL, RAM_LEN, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	}
	kernel = (struct kernel_image){
		.file = { .path = "k", .fd = harness_file(data, len), .len = len },
		.len = len,
	};
	if (!DIES(loader_check(&kernel)))
		(void)DIES(loader_load(&kernel, &ram));
	close(kernel.file.fd);
	return 0;
}
