// SPDX-License-Identifier: GPL-2.0
/*
 * Page faults, and changes of a program's address space.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define PAGE	4096UL
#define HUGE	(2UL << 20)
#define CHUNK	2048UL		/* pages at a time: 8 MiB */

static char *map(size_t len, int prot, int flags, int fd)
{
	void *at = mmap(NULL, len, prot, flags, fd, 0);

	must(at != MAP_FAILED, "mmap");
	return at;
}

/* Pages without the first touch of what a hypervisor lends: all were used before */
static void run_anon_fault(unsigned long n)
{
	unsigned long i, part;
	char *at;

	bench_start();
	for (; n; n -= part) {
		part = n < CHUNK ? n : CHUNK;
		at = map(part * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1);
		for (i = 0; i < part; i++)
			at[i * PAGE] = 1;
		munmap(at, part * PAGE);
	}
	bench_stop();
}

/* Pages of a file that are in the page cache; each fault maps some around it */
static void run_file_fault(unsigned long n)
{
	int fd = memfd_create("bench", 0);
	unsigned long i, part;
	volatile char *at;

	must(fd >= 0 && !ftruncate(fd, CHUNK * PAGE), "memfd");
	at = map(CHUNK * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	for (i = 0; i < CHUNK; i++)
		at[i * PAGE] = 1;
	munmap((char *)at, CHUNK * PAGE);
	bench_start();
	for (; n; n -= part) {
		part = n < CHUNK ? n : CHUNK;
		at = map(part * PAGE, PROT_READ, MAP_SHARED, fd);
		for (i = 0; i < part; i++)
			(void)at[i * PAGE];
		munmap((char *)at, part * PAGE);
	}
	bench_stop();
	close(fd);
}

/* Twice, so that the page is in the end what it was */
static void run_mprotect(unsigned long n)
{
	char *at = map(16 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *page = at + 8 * PAGE;

	*page = 1;
	bench_start();
	while (n--) {
		must(!mprotect(page, PAGE, n & 1 ? PROT_READ :
			       PROT_READ | PROT_WRITE), "mprotect");
		(void)*(volatile char *)page;
	}
	bench_stop();
	munmap(at, 16 * PAGE);
}

static void run_map_unmap(unsigned long n)
{
	char *at;

	bench_start();
	while (n--) {
		at = map(PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1);
		*at = 1;
		munmap(at, PAGE);
	}
	bench_stop();
}

static void run_huge_fault(unsigned long n)
{
	char *at = map(3 * HUGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *huge = (char *)(((unsigned long)at + HUGE - 1) & ~(HUGE - 1));

	must(!madvise(huge, HUGE, MADV_HUGEPAGE), "MADV_HUGEPAGE");
	bench_start();
	while (n--) {
		*huge = 1;
		madvise(huge, HUGE, MADV_DONTNEED);
	}
	bench_stop();
	munmap(at, 3 * HUGE);
}

const struct op memory_ops[] = {
	{ "anon-fault", 20480, run_anon_fault },
	{ "file-fault", 20480, run_file_fault },
	{ "mprotect", 20000, run_mprotect },
	{ "mmap-munmap", 10000, run_map_unmap },
	{ "huge-fault", 32, run_huge_fault },
	{ 0 }
};
