// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings: mmap, munmap, mprotect, mremap, madvise, brk, mincore, mlock,
 * stack growth, huge pages, poison.  cow.c has fork, tlb.c what must be forgotten.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include "tap.h"
#include "trap.h"

static void read_at(void *arg)
{
	asm volatile("movb (%0), %%al" : : "r"(arg) : "rax");
}

static void write_at(void *arg)
{
	touch(arg);
}

static int faults(void (*fn)(void *), void *at)
{
	struct trap t;

	trap_catch(&t, fn, at);
	return t.signo == SIGSEGV;
}

static void zeroed(void)
{
	unsigned long *p = map_pages(64, PROT_READ | PROT_WRITE);
	unsigned long i;

	for (i = 0; i < 64 * PAGE / sizeof(*p); i++)
		check(!p[i]);
	memset(p, 0xff, 64 * PAGE);
	check(!madvise(p, 64 * PAGE, MADV_DONTNEED));
	for (i = 0; i < 64 * PAGE / sizeof(*p); i++)
		check(!p[i]);
}

/* Reading maps the zero page; writing later must not write to it */
static void zero_page(void)
{
	char *p = map_pages(8, PROT_READ | PROT_WRITE);
	char *q = map_pages(8, PROT_READ);
	int i;

	for (i = 0; i < 8; i++)
		check(!p[i * PAGE] && !q[i * PAGE]);
	for (i = 0; i < 8; i++)
		touch(p + i * PAGE);
	for (i = 0; i < 8; i++)
		check(p[i * PAGE] == 1 && !q[i * PAGE]);
}

static void holes(void)
{
	char *p = map_pages(9, PROT_READ | PROT_WRITE);
	int i;

	memset(p, 7, 9 * PAGE);
	for (i = 1; i < 9; i += 2)
		check(!munmap(p + i * PAGE, PAGE));
	for (i = 0; i < 9; i++)
		check_eq(faults(read_at, p + i * PAGE), i % 2);
	check(mmap(p + PAGE, PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p + PAGE);
	check_eq(p[PAGE], 0);
	check_eq(p[2 * PAGE], 7);
}

static void protect(void)
{
	char *p = map_pages(4, PROT_READ | PROT_WRITE);
	int i;

	memset(p, 1, 4 * PAGE);
	for (i = 0; i < 50; i++) {
		check(!mprotect(p + PAGE, 2 * PAGE, PROT_READ));
		check(faults(write_at, p + PAGE));
		check(!faults(write_at, p));
		check(!mprotect(p + PAGE, 2 * PAGE, PROT_NONE));
		check(faults(read_at, p + 2 * PAGE));
		check(!mprotect(p + PAGE, 2 * PAGE, PROT_READ | PROT_WRITE));
		check(!faults(write_at, p + 2 * PAGE));
		check_eq(p[PAGE + 5], 1);
	}
	check(mprotect(hole_page(), PAGE, PROT_READ) == -1 && errno == ENOMEM);
	check(mprotect(p + 1, PAGE, PROT_READ) == -1 && errno == EINVAL);
}

static void remap(void)
{
	char *p = map_pages(4, PROT_READ | PROT_WRITE), *q;
	int i;

	for (i = 0; i < 4; i++)
		p[i * PAGE] = 'a' + i;
	q = mremap(p, 4 * PAGE, 600 * PAGE, MREMAP_MAYMOVE);
	check(q != MAP_FAILED);
	for (i = 0; i < 600; i++)
		check_eq(q[i * PAGE], i < 4 ? 'a' + i : 0);
	if (q != p)
		check(faults(read_at, p));
	check(mremap(q, 600 * PAGE, 2 * PAGE, 0) == q);
	check(faults(read_at, q + 2 * PAGE));
	p = hole_page();
	check(mremap(q, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p) == p);
	check_eq(*p, 'a');
	check(faults(read_at, q));
}

/* Moves whole page tables, where source and target allow it */
static void remap_large(void)
{
	const unsigned long size = 4 << 20;
	char *p = map_pages(2 * size / PAGE, PROT_READ | PROT_WRITE);
	char *q = map_pages(2 * size / PAGE, PROT_NONE);
	unsigned long i;

	p = (char *)(((unsigned long)p + size - 1) & -size);
	q = (char *)(((unsigned long)q + size - 1) & -size);
	for (i = 0; i < size; i += 16 * PAGE)
		p[i] = i >> 16;
	check(mremap(p, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, q) == q);
	for (i = 0; i < size; i += 16 * PAGE)
		check_eq(q[i], (char)(i >> 16));
	check(faults(read_at, p));
	check(faults(read_at, p + size - PAGE));
}

static void brk_heap(void)
{
	char *start = sbrk(0);
	int i;

	check(sbrk(32 * PAGE) == start);
	for (i = 0; i < 32; i++)
		check(!start[i * PAGE + 1]);
	memset(start, 3, 32 * PAGE);
	check(sbrk(-32 * (long)PAGE) != (void *)-1);
	check(faults(read_at, start + 31 * PAGE));
	check(sbrk(32 * PAGE) == start);
	check_eq(start[31 * PAGE], 0);
	check_eq(syscall(SYS_brk, 0xffff888000000000), (long)sbrk(0));
}

static void file_mapping(void)
{
	int fd = memfd_create("file", 0);
	char *s, *p, buf[4] = "";

	check(fd >= 0 && !ftruncate(fd, 4 * PAGE));
	s = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	check(s != MAP_FAILED && p != MAP_FAILED);
	memcpy(s + PAGE, "abc", 3);
	check_eq(pread(fd, buf, 3, PAGE), 3);
	check(!memcmp(buf, "abc", 3) && !memcmp(p + PAGE, "abc", 3));
	p[PAGE] = 'X';				/* private from now on */
	check_eq(s[PAGE], 'a');
	check_eq(pwrite(fd, "xyz", 3, PAGE), 3);
	check_eq(s[PAGE], 'x');
	check_eq(p[PAGE], 'X');
	check(!msync(s, 4 * PAGE, MS_SYNC));
}

static void residency(void)
{
	char *p = map_pages(8, PROT_READ | PROT_WRITE);
	unsigned char vec[8];
	int i;

	for (i = 0; i < 8; i += 2)
		touch(p + i * PAGE);
	check(!mincore(p, 8 * PAGE, vec));
	for (i = 0; i < 8; i++)
		check_eq(vec[i] & 1, !(i % 2));
	check(!mlock(p, 8 * PAGE));
	check(!mincore(p, 8 * PAGE, vec));
	for (i = 0; i < 8; i++)
		check_eq(vec[i] & 1, 1);
	check(madvise(p, 8 * PAGE, MADV_DONTNEED) == -1 && errno == EINVAL);
	check(!munlock(p, 8 * PAGE));
	check(!madvise(p, 8 * PAGE, MADV_DONTNEED));
	check(mlock(hole_page(), PAGE) == -1 && errno == ENOMEM);
	p = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	check(p != MAP_FAILED && !mincore(p, 8 * PAGE, vec));
	check_eq(vec[7] & 1, 1);
}

/* 1000 faults with mapping and unmapping in between: no page may be lost */
static void fault_loop(void)
{
	int i, j;

	for (i = 0; i < 50; i++) {
		char *p = map_pages(20, PROT_READ | PROT_WRITE);

		for (j = 0; j < 20; j++) {
			check(!p[j * PAGE]);
			memset(p + j * PAGE, i, PAGE);
		}
		check(!munmap(p, 20 * PAGE));
	}
}

static __noinline int deep(int n)
{
	char page[2048];

	asm volatile("" : : "r"(page) : "memory");
	page[0] = n;
	return n ? deep(n - 1) + page[0] - (char)n : 0;
}

static void stack_growth(void)
{
	struct rlimit rl = { 4 << 20, 4 << 20 };

	check_eq(deep(600), 0);			/* more than a megabyte */
	check(!setrlimit(RLIMIT_STACK, &rl));
	check_eq(deep(600), 0);
}

static void overflow(void *arg)
{
	deep(100000);
}

static void stack_limit(void)
{
	struct rlimit rl = { 1 << 20, 1 << 20 };
	struct trap t;
	int status;

	check(!setrlimit(RLIMIT_STACK, &rl));
	trap_catch(&t, overflow, NULL);
	check_trap(&t, SIGSEGV, SEGV_MAPERR, VEC_PF);
	status = run_child(overflow, NULL);
	check(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

/* MAP_GROWSDOWN keeps a gap to what lies below */
static void guard_gap(void)
{
	char *p = map_pages(600, PROT_NONE), *stack;
	struct trap t;

	check(!mprotect(p, PAGE, PROT_READ));
	check(!munmap(p + PAGE, 599 * PAGE));
	stack = mmap(p + 590 * PAGE, 4 * PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN,
		     -1, 0);
	check(stack != MAP_FAILED);
	touch(stack - PAGE);
	touch(stack - 16 * PAGE);
	trap_catch(&t, write_at, p + 8 * PAGE);
	check_eq(t.signo, SIGSEGV);
}

/* Transparent huge pages where they are offered: split, merged, unmapped */
static void huge_transparent(void)
{
	const unsigned long size = 2 << 20;
	char *p = map_pages(2 * size / PAGE, PROT_READ | PROT_WRITE);
	unsigned long i;

	if (access("/sys/kernel/mm/transparent_hugepage/enabled", R_OK))
		skip("no transparent huge pages");
	p = (char *)(((unsigned long)p + size - 1) & -size);
	check(!madvise(p, size, MADV_HUGEPAGE));
	for (i = 0; i < size; i += PAGE)
		p[i] = i / PAGE;
	check(!mprotect(p + 8 * PAGE, PAGE, PROT_READ));
	check(faults(write_at, p + 8 * PAGE));
	check(!faults(write_at, p + 9 * PAGE));
	check(!munmap(p + 100 * PAGE, PAGE));
	check(faults(read_at, p + 100 * PAGE));
	p[9 * PAGE] = 9;
	if (!fork()) {
		memset(p + 200 * PAGE, 0, 50 * PAGE);
		_exit(0);
	}
	check_eq(wait_child(-1), 0);
	for (i = 0; i < size / PAGE; i++)
		check(i == 100 || p[i * PAGE] == (char)i);
}

static void huge_explicit(void)
{
	const unsigned long size = 2 << 20;
	FILE *f;
	char *p;

	if (!on_umkvm())
		skip("reserves huge pages only in a guest of its own");
	f = fopen("/proc/sys/vm/nr_hugepages", "w");
	if (!f || fputs("2", f) < 0 || fclose(f))
		skip("no hugetlb pages");
	if (meminfo_line("HugePages_Free") < 2)
		skip("no room for huge pages");
	p = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	check(p != MAP_FAILED);
	check_eq((unsigned long)p % size, 0);
	p[0] = 1;
	p[2 * size - 1] = 2;
	check(!mprotect(p, size, PROT_READ));
	check(faults(write_at, p + 12345));
	check_eq(p[2 * size - 1], 2);
	check(!munmap(p, 2 * size));
	f = fopen("/proc/sys/vm/nr_hugepages", "w");
	check(f && fputs("0", f) >= 0 && !fclose(f));
}

/* linux/userfaultfd.h has these since 6.6 */
struct poison {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};

#define FEATURE_POISON	(1 << 14)
#define IOCTL_POISON	_IOWR(UFFDIO, 0x08, struct poison)

/* A program says so of its own memory: no news for the kernel's log (run-all.c) */
static void poisoned(void)
{
	struct uffdio_api api = { .api = UFFD_API, .features = FEATURE_POISON };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	char *p = map_pages(1, PROT_READ | PROT_WRITE);
	struct poison poison = { 0 };
	struct trap t;

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		skip("no UFFDIO_POISON");
	reg.range.start = (unsigned long)p;
	reg.range.len = PAGE;
	poison.range = reg.range;
	check(!ioctl(fd, UFFDIO_REGISTER, &reg));
	check(!ioctl(fd, IOCTL_POISON, &poison));
	trap_catch(&t, read_at, p);
	check_trap(&t, SIGBUS, BUS_MCEERR_AR, VEC_PF);
	check_eq(t.addr, (unsigned long)p);
}

static const struct tap_case cases[] = {
	{ "zeroed", zeroed },
	{ "zero_page", zero_page },
	{ "holes", holes },
	{ "protect", protect },
	{ "remap", remap },
	{ "remap_large", remap_large },
	{ "brk_heap", brk_heap },
	{ "file_mapping", file_mapping },
	{ "residency", residency },
	{ "fault_loop", fault_loop },
	{ "stack_growth", stack_growth },
	{ "stack_limit", stack_limit },
	{ "guard_gap", guard_gap },
	{ "huge_transparent", huge_transparent },
	{ "huge_explicit", huge_explicit },
	{ "poisoned", poisoned },
};

TAP_SUITE(mmap, cases);
