// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that do one thing N times, for `linux --stats`: a harness runs
 * each with N = 0 and with a large N and compares the exits.  They print how
 * long one took.
 *
 *   exits_getppid N	system calls
 *   exits_pagefault N	anonymous page faults, in one mapping of N pages
 *   exits_forkexec N	fork, exec of helpers/nothing.S, exit, wait
 *   exits_switch N	round trips between two processes over two pipes
 *   exits_clock N	readings of a clock
 *   exits_signal N	signals to itself, each to a handler
 *   exits_ptrace N	stops of a traced child, at each of its system calls
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <time.h>
#include "tap.h"

static void do_getppid(unsigned long n)
{
	while (n--)
		syscall(SYS_getppid);
}

/* 256 pages at a time, so that N does not depend on the size of memory */
static void do_pagefault(unsigned long n)
{
	const unsigned long window = 256;
	char *p = mmap(NULL, window * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long i;

	if (p == MAP_FAILED || madvise(p, window * PAGE, MADV_NOHUGEPAGE))
		perror("pagefault");
	for (i = 0; i < n; i++) {
		if (i && i % window == 0)
			madvise(p, window * PAGE, MADV_DONTNEED);
		touch(p + i % window * PAGE);
	}
}

static void do_forkexec(unsigned long n)
{
	while (n--) {
		int pid = fork();
		int status;

		if (!pid) {
			execl("/umkvm/nothing", "nothing", NULL);
			_exit(127);
		}
		if (waitpid(pid, &status, 0) != pid || status)
			perror("forkexec");
	}
}

static void do_switch(unsigned long n)
{
	int to[2], from[2], pid;
	char c = 0;

	if (pipe(to) || pipe(from))
		perror("pipe");
	pid = fork();
	if (!pid) {
		close(to[1]);
		while (read(to[0], &c, 1) == 1)
			if (write(from[1], &c, 1) != 1)
				break;
		_exit(0);
	}
	while (n--)
		if (write(to[1], &c, 1) != 1 || read(from[0], &c, 1) != 1)
			break;
	close(to[1]);
	waitpid(pid, NULL, 0);
}

static void do_clock(unsigned long n)
{
	struct timespec ts;

	while (n--)
		clock_gettime(CLOCK_MONOTONIC, &ts);
}

static void on_signal(int signo)
{
}

static void do_signal(unsigned long n)
{
	signal(SIGUSR1, on_signal);
	while (n--)
		raise(SIGUSR1);
}

static void do_ptrace(unsigned long n)
{
	int pid = fork();
	int status;

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		for (;;)
			syscall(SYS_getppid);
	}
	waitpid(pid, &status, 0);
	while (n--)
		if (ptrace(PTRACE_SYSCALL, pid, 0, 0) ||
		    waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			perror("ptrace");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

static int measure(int argc, char **argv, void (*fn)(unsigned long))
{
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;
	uint64_t start = now_ns();

	fn(n);
	if (argc < 3)
		printf("%s: %lu: %lu ns each\n", argv[0], n,
		       n ? (now_ns() - start) / n : 0);
	return 0;
}

static int exits_getppid(int argc, char **argv)
{
	return measure(argc, argv, do_getppid);
}

static int exits_pagefault(int argc, char **argv)
{
	return measure(argc, argv, do_pagefault);
}

static int exits_forkexec(int argc, char **argv)
{
	return measure(argc, argv, do_forkexec);
}

static int exits_switch(int argc, char **argv)
{
	return measure(argc, argv, do_switch);
}

static int exits_clock(int argc, char **argv)
{
	return measure(argc, argv, do_clock);
}

static int exits_signal(int argc, char **argv)
{
	return measure(argc, argv, do_signal);
}

static int exits_ptrace(int argc, char **argv)
{
	return measure(argc, argv, do_ptrace);
}

TAP_TOOL(exits_getppid, exits_getppid);
TAP_TOOL(exits_pagefault, exits_pagefault);
TAP_TOOL(exits_forkexec, exits_forkexec);
TAP_TOOL(exits_switch, exits_switch);
TAP_TOOL(exits_clock, exits_clock);
TAP_TOOL(exits_signal, exits_signal);
TAP_TOOL(exits_ptrace, exits_ptrace);
