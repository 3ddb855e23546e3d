// SPDX-License-Identifier: GPL-2.0
/*
 * System calls that return at once, and signals: the way into the kernel and out
 * of it, and little else.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static void run_getppid(unsigned long n)
{
	bench_start();
	while (n--)
		syscall(SYS_getppid);
	bench_stop();
}

static void run_clock_gettime(unsigned long n)
{
	struct timespec now;

	bench_start();
	while (n--)
		clock_gettime(CLOCK_MONOTONIC, &now);
	bench_stop();
}

static void run_read(unsigned long n)
{
	int fd = open("/dev/zero", O_RDONLY);
	char byte;

	must(fd >= 0, "/dev/zero");
	bench_start();
	while (n--)
		must(read(fd, &byte, 1) == 1, "read");
	bench_stop();
	close(fd);
}

static void run_stat(unsigned long n)
{
	struct stat st;

	bench_start();
	while (n--)
		must(!stat("/dev/zero", &st), "stat");
	bench_stop();
}

static void run_open_close(unsigned long n)
{
	int fd;

	bench_start();
	while (n--) {
		fd = open("/dev/zero", O_RDONLY);
		must(fd >= 0, "/dev/zero");
		close(fd);
	}
	bench_stop();
}

static void on_signal(int number)
{
	(void)number;
}

static void run_signal(unsigned long n)
{
	pid_t pid = getpid();

	signal(SIGUSR1, on_signal);
	bench_start();
	while (n--)
		kill(pid, SIGUSR1);
	bench_stop();
}

const struct op call_ops[] = {
	{ "getppid", 200000, run_getppid },
	{ "clock_gettime", 200000, run_clock_gettime },
	{ "read-1", 100000, run_read },
	{ "stat", 20000, run_stat },
	{ "open-close", 20000, run_open_close },
	{ "signal", 10000, run_signal },
	{ 0 }
};
