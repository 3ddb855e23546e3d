// SPDX-License-Identifier: GPL-2.0
/*
 * Small helpers of tap.h: what this machine has, memory, time, paths.
 */
#include <cpuid.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "tap.h"

unsigned int tap_slow(void)
{
	const char *slow = getenv("TAP_SLOW");
	int n = slow ? atoi(slow) : 1;

	return n > 0 ? n : 1;
}

unsigned long tap_loops(unsigned long n)
{
	n /= tap_slow();
	return n ? n : 1;
}

int on_umkvm(void)
{
	return getenv("UMKVM") != NULL;
}

/* The brand string reaches the guest from the CPU that runs the test bed */
int on_tcg(void)
{
	unsigned int r[13] = { 0 };
	int i;

	for (i = 0; i < 3; i++)
		__cpuid(0x80000002 + i, r[4 * i], r[4 * i + 1], r[4 * i + 2],
			r[4 * i + 3]);
	return strstr((char *)r, "QEMU") || strstr((char *)r, "TCG");
}

int on_amd(void)
{
	unsigned int a, b, c, d;

	__cpuid(0, a, b, c, d);
	return b == signature_AMD_ebx;
}

int have_avx(void)
{
	unsigned int a, b, c, d, lo, hi;

	__cpuid(1, a, b, c, d);
	if (!(c & bit_OSXSAVE) || !(c & bit_AVX))
		return 0;
	asm volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	return (lo & 6) == 6;
}

int have_pku(void)
{
	unsigned int a, b, c, d;

	__cpuid_count(7, 0, a, b, c, d);
	return !!(c & bit_OSPKE);
}

void need_four_levels(void)
{
	void *p = mmap((void *)0x800000000000, PAGE, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		       0);

	if (p != MAP_FAILED)
		skip("five-level page tables");
}

const char *beside(const char *name)
{
	static char path[2 * PATH_MAX];
	char self[PATH_MAX] = "";

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		skip("no /proc/self/exe");
	snprintf(path, sizeof(path), "%s/%s", dirname(self), name);
	return path;
}

uint64_t now_ns(void)
{
	struct timespec ts;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

const char *proc_field(const char *path, const char *key)
{
	static char line[4096];
	size_t len = strlen(key);
	FILE *f = fopen(path, "r");
	char *value = NULL;

	while (!value && f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, key, len))
			continue;
		value = line + len + strspn(line + len, " \t");
		value = *value == ':' ? value + 1 : NULL;
	}
	if (f)
		fclose(f);
	return value ? value + strspn(value, " \t") : NULL;
}

long meminfo_line(const char *key)
{
	const char *value = proc_field("/proc/meminfo", key);

	return value ? strtol(value, NULL, 10) : -1;
}

void *map_pages(unsigned long pages, int prot)
{
	void *p = mmap(NULL, pages * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	check(p != MAP_FAILED);
	return p;
}

void *hole_page(void)
{
	char *p = map_pages(3, PROT_NONE);

	check(!munmap(p + PAGE, PAGE));
	return p + PAGE;
}
