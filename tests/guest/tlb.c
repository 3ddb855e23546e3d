// SPDX-License-Identifier: GPL-2.0
/*
 * What the TLB must forget: after munmap, mprotect, mremap, fork or a new
 * mapping at the same address, no thread sees the old translation.  With one
 * CPU the local flush is tested, with more the shootdown too.
 */
#include <pthread.h>
#include <stdlib.h>
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

/* Each size takes another path: INVLPG per page, or everything at once */
static const int sizes[] = { 1, 2, 8, 32, 33, 34, 64, 256 };

static void unmapped(void)
{
	unsigned int s;
	int i;

	for (s = 0; s < ARRAY_SIZE(sizes); s++) {
		char *p = map_pages(sizes[s], PROT_READ | PROT_WRITE);

		for (i = 0; i < sizes[s]; i++)
			touch(p + i * PAGE);
		check(!munmap(p, sizes[s] * PAGE));
		for (i = 0; i < sizes[s]; i += 1 + sizes[s] / 8)
			check(faults(read_at, p + i * PAGE));
		check(faults(read_at, p + (sizes[s] - 1) * PAGE));
	}
}

static void made_read_only(void)
{
	unsigned int s;
	int i;

	for (s = 0; s < ARRAY_SIZE(sizes); s++) {
		char *p = map_pages(sizes[s], PROT_READ | PROT_WRITE);

		for (i = 0; i < sizes[s]; i++)
			touch(p + i * PAGE);
		check(!mprotect(p, sizes[s] * PAGE, PROT_READ));
		for (i = 0; i < sizes[s]; i += 1 + sizes[s] / 8)
			check(faults(write_at, p + i * PAGE));
		check(faults(write_at, p + (sizes[s] - 1) * PAGE));
		check(!munmap(p, sizes[s] * PAGE));
	}
}

/* Another page at the same address, many times: always the new one is seen */
static void replaced(void)
{
	char *p = map_pages(1, PROT_READ | PROT_WRITE);
	int i;

	for (i = 0; i < 500; i++) {
		check(mmap(p, PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
		check_eq(*p, 0);
		*p = 1;
	}
	for (i = 0; i < 500; i++) {
		check(!madvise(p, PAGE, MADV_DONTNEED));
		check_eq(*p, 0);
		*p = 1;
	}
}

/* After fork, the parent's own cached right to write must be gone */
static void write_after_fork(void)
{
	char *p = map_pages(40, PROT_READ | PROT_WRITE);
	int fds[2], i, pid;
	char c;

	check(!pipe(fds));
	for (i = 0; i < 40; i++)
		p[i * PAGE] = 1;
	pid = fork();
	if (!pid) {
		check_eq(read(fds[0], &c, 1), 1);
		for (i = 0; i < 40; i++)
			check_eq(p[i * PAGE], 1);
		_exit(0);
	}
	for (i = 0; i < 40; i++)
		p[i * PAGE] = 2;
	check_eq(write(fds[1], "x", 1), 1);
	check_eq(wait_child(pid), 0);
}

/* Two processes, the same address, other pages: no mixing at a switch */
static void address_spaces(void)
{
	char *p = map_pages(8, PROT_READ | PROT_WRITE);
	int pids[3], i, j, n;

	for (i = 0; i < 3; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		for (n = 0; n < 200; n++) {
			for (j = 0; j < 8; j++)
				p[j * PAGE] = 16 * i + j;
			syscall(SYS_sched_yield);
			for (j = 0; j < 8; j++)
				check_eq(p[j * PAGE], 16 * i + j);
		}
		_exit(0);
	}
	for (i = 0; i < 3; i++)
		check_eq(wait_child(pids[i]), 0);
}

/*
 * A thread writes to a page all the time; @round goes up after each change by
 * the other thread, which then checks that the writer faulted.
 */
static char *page;
static int round_nr, seen, stop, segv;

static void on_segv(int signo)
{
	__atomic_store_n(&segv, __atomic_load_n(&round_nr, __ATOMIC_SEQ_CST),
			 __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&segv, __ATOMIC_SEQ_CST) &&
	       !__atomic_load_n(&stop, __ATOMIC_SEQ_CST))
		syscall(SYS_sched_yield);
}

static void *writer(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST)) {
		touch(page);
		__atomic_fetch_add(&seen, 1, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

static void wait_for(const int *what, int more_than)
{
	while (__atomic_load_n(what, __ATOMIC_SEQ_CST) <= more_than)
		syscall(SYS_sched_yield);
}

static void two_threads(void)
{
	pthread_t t;
	int i;

	page = map_pages(1, PROT_READ | PROT_WRITE);
	signal(SIGSEGV, on_segv);
	check(!pthread_create(&t, NULL, writer, NULL));
	for (i = 1; i <= 50; i++) {
		wait_for(&seen, __atomic_load_n(&seen, __ATOMIC_SEQ_CST));
		__atomic_store_n(&round_nr, i, __ATOMIC_SEQ_CST);
		check(!mprotect(page, PAGE, i % 2 ? PROT_READ : PROT_NONE));
		wait_for(&segv, 0);
		check_eq(__atomic_load_n(&segv, __ATOMIC_SEQ_CST), i);
		check(!mprotect(page, PAGE, PROT_READ | PROT_WRITE));
		__atomic_store_n(&segv, 0, __ATOMIC_SEQ_CST);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
	check(!pthread_join(t, NULL));
}

/*
 * Pages that one thread gives up and another mapping gets: stores through a
 * stale translation would land there.
 */
static void freed_page(void)
{
	char *other = map_pages(64, PROT_READ | PROT_WRITE);
	pthread_t t;
	int i, j;

	page = map_pages(1, PROT_READ | PROT_WRITE);
	check(!pthread_create(&t, NULL, writer, NULL));
	for (i = 0; i < 100; i++) {
		wait_for(&seen, __atomic_load_n(&seen, __ATOMIC_SEQ_CST));
		check(!madvise(page, PAGE, MADV_DONTNEED));
		for (j = 0; j < 64; j++)
			other[j * PAGE] = 0;	/* takes freed pages */
		for (j = 0; j < 64; j++)
			check_eq(other[j * PAGE], 0);
		check(!madvise(other, 64 * PAGE, MADV_DONTNEED));
	}
	__atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
	check(!pthread_join(t, NULL));
}

static const struct tap_case cases[] = {
	{ "unmapped", unmapped },
	{ "made_read_only", made_read_only },
	{ "replaced", replaced },
	{ "write_after_fork", write_after_fork },
	{ "address_spaces", address_spaces },
	{ "two_threads", two_threads },
	{ "freed_page", freed_page },
};

TAP_SUITE(tlb, cases);
