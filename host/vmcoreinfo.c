// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says about itself for those who look at it from outside:
 * VMCOREINFO, lines of text with addresses, offsets and sizes
 * (Documentation/admin-guide/kdump/vmcoreinfo.rst of the kernel).  The copy is
 * taken while the kernel is well, and its values are believed by nobody.
 */
#include <pthread.h>
#include <string.h>

#include "vmcoreinfo.h"

/* A vCPU writes, the main thread reads. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char info[UMKVM_VMCOREINFO_MAX + 1];
static size_t info_len;

bool vmcoreinfo_set(const struct guest_ram *ram, u64 gpa, u64 len)
{
	const void *mem = guest_mem(ram, gpa, len);

	if (!mem)
		return false;
	pthread_mutex_lock(&lock);
	copy_once(info, mem, len);
	info[len] = '\0';
	info_len = len;
	pthread_mutex_unlock(&lock);
	return true;
}

void vmcoreinfo_clear(void)
{
	pthread_mutex_lock(&lock);
	info[0] = '\0';
	info_len = 0;
	pthread_mutex_unlock(&lock);
}

size_t vmcoreinfo_copy(void *to)
{
	size_t len;

	pthread_mutex_lock(&lock);
	len = info_len;
	memcpy(to, info, len);
	pthread_mutex_unlock(&lock);
	return len;
}

bool vmcoreinfo_get(const char *name, u64 *value)
{
	const size_t len = strlen(name);
	const char *at = info;
	bool found = false;

	pthread_mutex_lock(&lock);
	while (!found && (at = strstr(at, name))) {
		found = (at == info || at[-1] == '\n') && at[len] == '=';
		at += len;
	}
	/* Linux writes symbols in base 16, all else in base 10. */
	if (found)
		*value = strtoull(at + 1, NULL,
				  strncmp(name, "SYMBOL", 6) ? 10 : 16);
	pthread_mutex_unlock(&lock);
	return found;
}

bool vmcoreinfo_read(const struct guest_ram *ram, u64 addr, void *to, size_t len)
{
	const u64 map = addr < UMKVM_KERNEL_MAP ? UMKVM_DIRECT_MAP :
						  UMKVM_KERNEL_MAP;
	const void *mem = guest_mem(ram, addr - map, len);

	if (mem)
		copy_once(to, mem, len);
	return mem;
}
