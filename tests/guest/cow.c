// SPDX-License-Identifier: GPL-2.0
/*
 * fork and memory: private pages are copied on write, by the program and by
 * the kernel on its behalf; shared pages stay shared; vfork shares all.
 */
#include <sched.h>
#include <sys/shm.h>
#include <sys/uio.h>
#include "tap.h"

#define PAGES	32

static char *area;

static void fill(int value)
{
	int i;

	for (i = 0; i < PAGES; i++)
		memset(area + i * PAGE, value + i, PAGE);
}

static void holds(int value)
{
	int i;

	for (i = 0; i < PAGES; i++) {
		check_eq(area[i * PAGE], (char)(value + i));
		check_eq(area[(i + 1) * PAGE - 1], (char)(value + i));
	}
}

static void child_writes(void *arg)
{
	holds(1);
	fill(100);
	holds(100);
}

static void parent_and_child(void)
{
	int pid, fds[2];
	char c = 0;

	area = map_pages(PAGES, PROT_READ | PROT_WRITE);
	fill(1);
	check_child(child_writes, NULL);
	holds(1);
	check(!pipe(fds));
	pid = fork();
	if (!pid) {
		check_eq(read(fds[0], &c, 1), 1);
		holds(1);		/* the parent has written meanwhile */
		_exit(0);
	}
	fill(50);
	check_eq(write(fds[1], &c, 1), 1);
	check_eq(wait_child(pid), 0);
	holds(50);
}

/* Ten generations, each of which changes one page more */
static void generations(void)
{
	int i, me;

	area = map_pages(PAGES, PROT_READ | PROT_WRITE);
	fill(0);
	for (me = 0; me < 10; me++) {
		int pid = fork();

		check(pid >= 0);
		if (pid) {
			check_eq(wait_child(pid), 0);
			for (i = 0; i < 10; i++)
				check_eq(area[i * PAGE], i < me ? 77 : i);
			if (me)
				_exit(0);
			return;
		}
		area[me * PAGE] = 77;
	}
	_exit(0);
}

/* The kernel writes into a page that is still shared with the parent */
static void kernel_writes(void *arg)
{
	int fds[2];
	char buf[64];
	struct iovec iov[2] = {
		{ area + PAGE - 4, 8 }, { area + 3 * PAGE, 8 },
	};

	check(!pipe(fds));
	check_eq(write(fds[1], "0123456789abcdef", 16), 16);
	check_eq(readv(fds[0], iov, 2), 16);
	check(!memcmp(area + PAGE - 4, "01234567", 8));
	check(!memcmp(area + 3 * PAGE, "89abcdef", 8));
	memcpy(buf, area + 3 * PAGE + 8, 4);
	check_eq(buf[0], 3 + 1);
}

static void by_kernel(void)
{
	area = map_pages(PAGES, PROT_READ | PROT_WRITE);
	fill(1);
	check_child(kernel_writes, NULL);
	holds(1);
}

static void shared(void)
{
	area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(area != MAP_FAILED);
	fill(1);
	check_child(child_writes, NULL);
	holds(100);
}

static void sysv_shm(void)
{
	int id = shmget(IPC_PRIVATE, PAGES * PAGE, IPC_CREAT | 0600);

	if (id < 0 && errno == ENOSYS)
		skip("no System V shared memory");
	check(id >= 0);
	area = shmat(id, NULL, 0);
	check(area != (void *)-1);
	check(!shmctl(id, IPC_RMID, NULL));
	fill(1);
	check_child(child_writes, NULL);
	holds(100);
	check(!shmdt(area));
}

static void dont_fork(void)
{
	char *p = map_pages(1, PROT_READ | PROT_WRITE);
	char *q = map_pages(1, PROT_READ | PROT_WRITE);
	int pid;

	touch(p);
	touch(q);
	check(!madvise(p, PAGE, MADV_DONTFORK));
	check(!madvise(q, PAGE, MADV_WIPEONFORK));
	pid = fork();
	if (!pid) {
		check_eq(*q, 0);
		check(write(-1, p, 0) == -1);
		_exit(msync(p, PAGE, 0) == -1 && errno == ENOMEM ? 0 : 1);
	}
	check_eq(wait_child(pid), 0);
	check(*p == 1 && *q == 1);
}

static int value;

static void vfork_shares(void)
{
	int pid;

	pid = vfork();
	if (!pid) {
		__atomic_store_n(&value, 42, __ATOMIC_SEQ_CST);
		_exit(0);
	}
	check_eq(__atomic_load_n(&value, __ATOMIC_SEQ_CST), 42);
	check_eq(wait_child(pid), 0);
}

static void touch_all(void *arg)
{
	int i;

	for (i = 0; i < PAGES; i++)
		touch(area + i * PAGE);
}

/* Many children at once on the same pages */
static void crowd(void)
{
	int i, pids[16];

	area = map_pages(PAGES, PROT_READ | PROT_WRITE);
	fill(1);
	for (i = 0; i < 16; i++) {
		pids[i] = fork();
		check(pids[i] >= 0);
		if (!pids[i]) {
			touch_all(NULL);
			sched_yield();
			fill(i);
			sched_yield();
			holds(i);
			_exit(0);
		}
	}
	for (i = 0; i < 16; i++)
		check_eq(wait_child(pids[i]), 0);
	holds(1);
}

static const struct tap_case cases[] = {
	{ "parent_and_child", parent_and_child },
	{ "generations", generations },
	{ "by_kernel", by_kernel },
	{ "shared", shared },
	{ "sysv_shm", sysv_shm },
	{ "dont_fork", dont_fork },
	{ "vfork_shares", vfork_shares },
	{ "crowd", crowd },
};

TAP_SUITE(cow, cases);
