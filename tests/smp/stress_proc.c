// SPDX-License-Identifier: GPL-2.0
/*
 * fork: threads of one process fork, exec and spawn at the same time; each
 * child must see what its parent had, and each status must be the right one.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include "stress.h"

extern char **environ;

static int initialised = 1234;	/* the parent changes it, exec brings it back */

int exec_check(char **argv)
{
	if (initialised != 1234)
		return 99;
	return (atoi(argv[2]) ^ atoi(argv[3])) & 0x3f;
}

static void fork_setup(unsigned int threads)
{
	initialised = 0;
}

/* Writes to the copy of the stack and of a page with a mark in each word */
static void child_of_fork(unsigned long *page, unsigned long mark, int code)
{
	unsigned int i;

	for (i = 0; i < PAGE / sizeof(*page); i++) {
		check_eq(page[i], mark);
		page[i] = ~mark;
	}
	_exit(code);
}

static void fork_and_exit(struct worker *me, unsigned long *page)
{
	unsigned long mark = rnd(me, 1 << 30);
	int code = rnd(me, 64), pid, status;
	unsigned int i;

	for (i = 0; i < PAGE / sizeof(*page); i++)
		page[i] = mark;
	pid = fork();
	check(pid >= 0);
	if (!pid)
		child_of_fork(page, mark, code);
	status = wait_child(pid);
	check_eq(status, code << 8);
	for (i = 0; i < PAGE / sizeof(*page); i++)
		check_eq(page[i], mark);
}

static void start_program(struct worker *me, int spawn)
{
	int a = rnd(me, 64), b = rnd(me, 64), pid, status;
	char text[2][8];
	char *const argv[] = { "stress", "exec-check", text[0], text[1], NULL };

	snprintf(text[0], sizeof(text[0]), "%d", a);
	snprintf(text[1], sizeof(text[1]), "%d", b);
	if (spawn) {
		check(!posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv,
				   environ));
	} else {
		pid = fork();
		check(pid >= 0);
		if (!pid) {
			execv("/proc/self/exe", argv);
			_exit(98);
		}
	}
	status = wait_child(pid);
	check_eq(status, (a ^ b) << 8);
}

static void killed(void)
{
	int pid = fork(), status;

	check(pid >= 0);
	if (!pid)
		while (1)
			syscall(SYS_sched_yield);
	check(!kill(pid, SIGKILL));
	status = wait_child(pid);
	check_eq(status, SIGKILL);
}

static void fork_thread(struct worker *me)
{
	unsigned long *page = map_pages(1, PROT_READ | PROT_WRITE);

	while (!stopping()) {
		switch (rnd(me, 8)) {
		case 0:
			start_program(me, 0);
			break;
		case 1:
			start_program(me, 1);
			break;
		case 2:
			killed();
			break;
		default:
			fork_and_exit(me, page);
		}
		count_one(me);
	}
}

const struct family fork_family = { "fork", fork_setup, fork_thread, false };
