// SPDX-License-Identifier: GPL-2.0
/*
 * Page faults, and changes of a program's address space.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define PAGE	4096UL
#define HUGE	(2UL << 20)
#define CHUNK	2048UL		/* pages at a time: 8 MiB */
#define UNMAPPED	1024UL
#define THP	"/sys/kernel/mm/transparent_hugepage/enabled"

static char *map(size_t len, int prot, int flags, int fd)
{
	void *at = mmap(NULL, len, prot, flags, fd, 0);

	must(at != MAP_FAILED, "mmap");
	return at;
}

/* Small pages, also where huge ones are the default */
static char *map_touched(unsigned long pages)
{
	char *at = map(pages * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	unsigned long i;

	madvise(at, pages * PAGE, MADV_NOHUGEPAGE);
	for (i = 0; i < pages; i++)
		at[i * PAGE] = 1;
	return at;
}

/*
 * Pages without the first touch of what a hypervisor lends: these were used, and
 * freed, before
 */
static void run_anon_fault(unsigned long n)
{
	unsigned long part;

	munmap(map_touched(CHUNK), CHUNK * PAGE);
	bench_start();
	for (; n; n -= part) {
		part = n < CHUNK ? n : CHUNK;
		munmap(map_touched(part), part * PAGE);
	}
	bench_stop();
}

/* The unmapping alone, of pages that were used: 4 MiB a step */
static void run_unmap(unsigned long n)
{
	char *at;

	while (n--) {
		at = map_touched(UNMAPPED);
		bench_start();
		must(!munmap(at, UNMAPPED * PAGE), "munmap");
		bench_stop();
	}
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

/* A kernel with less than 512 MiB starts without huge pages */
static void allow_huge(void)
{
	FILE *file = fopen(THP, "w");

	if (!file)
		return;
	fputs("madvise", file);
	fclose(file);
}

static int has_huge(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	unsigned long kb = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "AnonHugePages: %lu", &kb) == 1)
			break;
	if (file)
		fclose(file);
	return kb > 0;
}

static void run_huge_fault(unsigned long n)
{
	char *at = map(3 * HUGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *huge = (char *)(((unsigned long)at + HUGE - 1) & ~(HUGE - 1));

	allow_huge();
	if (!madvise(huge, HUGE, MADV_HUGEPAGE)) {
		*huge = 1;
		if (has_huge()) {
			madvise(huge, HUGE, MADV_DONTNEED);
			bench_start();
			while (n--) {
				*huge = 1;
				madvise(huge, HUGE, MADV_DONTNEED);
			}
			bench_stop();
		}
	}
	munmap(at, 3 * HUGE);
}

const struct op memory_ops[] = {
	{ "anon-fault", 20480, run_anon_fault },
	{ "file-fault", 20480, run_file_fault },
	{ "mprotect", 8000, run_mprotect },
	{ "mmap-munmap", 4000, run_map_unmap },
	{ "munmap-4m", 40, run_unmap },
	{ "huge-fault", 40, run_huge_fault },
	{ 0 }
};
