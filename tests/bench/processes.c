// SPDX-License-Identifier: GPL-2.0
/*
 * Processes and threads: how they are made and end, and how they take turns.  Those
 * that take turns stay on one CPU, but for "pipe-cpus", which needs two.
 */
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define LOADER	"/lib64/ld-linux-x86-64.so.2"

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	must(!sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

/* A CPU that is not @cpu, or @cpu if it is the only one */
static int other_cpu(int cpu)
{
	cpu_set_t set;
	int i;

	memset(&set, 0xff, sizeof(set));
	must(!sched_setaffinity(0, sizeof(set), &set) &&
	     !sched_getaffinity(0, sizeof(set), &set), "sched_setaffinity");
	for (i = 0; i < CPU_SETSIZE; i++)
		if (i != cpu && CPU_ISSET(i, &set))
			return i;
	return cpu;
}

static void end(pid_t pid)
{
	int status;

	must(waitpid(pid, &status, 0) == pid && !status, "waitpid");
}

static void run_fork_exit(unsigned long n)
{
	pid_t pid;

	bench_start();
	while (n--) {
		pid = fork();
		must(pid >= 0, "fork");
		if (!pid)
			_exit(0);
		end(pid);
	}
	bench_stop();
}

void fork_exec(unsigned long n, const char *const *command)
{
	pid_t pid;

	bench_start();
	while (n--) {
		pid = fork();
		must(pid >= 0, "fork");
		if (!pid) {
			execv(command[0], (char *const *)command);
			_exit(1);
		}
		end(pid);
	}
	bench_stop();
}

static void run_fork_exec(unsigned long n)
{
	fork_exec(n, (const char *[]){ "/proc/self/exe", BENCH_NOTHING, NULL });
}

char *beside_me(const char *more)
{
	static char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

	must(len > 0 && len + strlen(more) < sizeof(path), "/proc/self/exe");
	memcpy(path + len, more, strlen(more) + 1);
	return path;
}

/* The same program, linked with the shared C library, if that is there */
static void run_fork_exec_dynamic(unsigned long n)
{
	char *program = beside_me("-dynamic");

	if (!access(program, X_OK) && !access(LOADER, R_OK))
		fork_exec(n, (const char *[]){ program, BENCH_NOTHING, NULL });
}

/* A shell that runs a program 200 times */
static void run_shell(unsigned long n)
{
	static const char script[] =
		"i=0; while [ $i -lt 200 ]; do \"$0\" " BENCH_NOTHING
		" || exit; i=$((i + 1)); done";

	fork_exec(n, (const char *[]){ "/bin/sh", "-c", script, beside_me(""),
				       NULL });
}

/* What a process looks at before it passes the token on */
static volatile long sum;

static void work(const long *set, size_t len)
{
	size_t i;

	for (i = 0; i < len / sizeof(*set); i += 8)
		sum += set[i];
}

/* Two processes, two pipes: @n round trips, between @cpu and @other */
static void ping_pong(unsigned long n, size_t len, int cpu, int other)
{
	long *set = calloc(1, len + sizeof(*set));
	int there[2], back[2];
	unsigned long i;
	char token = 0;
	pid_t pid;

	must(set && !pipe(there) && !pipe(back), "pipe");
	stay_on(cpu);
	memset(set, 1, len);
	pid = fork();
	must(pid >= 0, "fork");
	if (!pid) {
		stay_on(other);
		memset(set, 1, len);
		for (i = 0; i < n; i++) {
			must(read(there[0], &token, 1) == 1, "read");
			work(set, len);
			must(write(back[1], &token, 1) == 1, "write");
		}
		_exit(0);
	}
	bench_start();
	for (i = 0; i < n; i++) {
		must(write(there[1], &token, 1) == 1, "write");
		must(read(back[0], &token, 1) == 1, "read");
		work(set, len);
	}
	bench_stop();
	end(pid);
	close(there[0]);
	close(there[1]);
	close(back[0]);
	close(back[1]);
	free(set);
}

static void ping_pong_here(unsigned long n, size_t len)
{
	int cpu = sched_getcpu();

	ping_pong(n, len, cpu, cpu);
}

static void run_pipe(unsigned long n)
{
	ping_pong_here(n, 0);
}

/* The same, with a CPU to wake each time */
static void run_pipe_cpus(unsigned long n)
{
	int cpu = sched_getcpu(), other = other_cpu(cpu);

	if (other != cpu)
		ping_pong(n, 0, cpu, other);
}

static void run_pipe_64k(unsigned long n)
{
	ping_pong_here(n, 64 << 10);
}

static atomic_int ball;

static void play(int me, unsigned long n)
{
	while (n--) {
		while (atomic_load(&ball) != me)
			syscall(SYS_futex, &ball, FUTEX_WAIT_PRIVATE, !me, NULL,
				NULL, 0);
		atomic_store(&ball, !me);
		syscall(SYS_futex, &ball, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	}
}

static void *other_player(void *n)
{
	play(1, (unsigned long)n);
	return NULL;
}

static void run_futex(unsigned long n)
{
	pthread_t thread;

	stay_on(sched_getcpu());
	must(!pthread_create(&thread, NULL, other_player, (void *)n),
	     "pthread_create");
	bench_start();
	play(0, n);
	pthread_join(thread, NULL);
	bench_stop();
}

const struct op process_ops[] = {
	{ "fork-exit", 200, run_fork_exit },
	{ "fork-exec", 100, run_fork_exec },
	{ "fork-exec-dyn", 100, run_fork_exec_dynamic },
	{ "shell-200", 2, run_shell },
	{ "pipe", 12000, run_pipe },
	{ "pipe-cpus", 4000, run_pipe_cpus },
	{ "pipe-64k", 8000, run_pipe_64k },
	{ "futex", 12000, run_futex },
	{ 0 }
};
