// SPDX-License-Identifier: GPL-2.0
/*
 * run-all: every suite in one TAP stream, then what must hold after all of
 * them: no memory, slab or process lost, nothing ugly in the kernel's log.
 *
 * The reported round also warms up the kernel's caches.  Quiet rounds follow;
 * a leak is there only if memory shrinks in each of ROUNDS of them.
 *
 *   run-all [--no-leak] [SUITE...]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/klog.h>
#include "tap.h"

#define ROUNDS		3
#define FREE_KB		512	/* tolerated per round: per-CPU lists */
#define SLAB_KB		128
#define REFRESHES	32

struct usage {
	long free_kb;
	long slab_kb;
	long tasks;
};

static long count_tasks(void)
{
	char line[128];
	FILE *f = fopen("/proc/loadavg", "r");
	char *slash = f && fgets(line, sizeof(line), f) ?
		strchr(line, '/') : NULL;

	if (f)
		fclose(f);
	return slash ? strtol(slash + 1, NULL, 10) : -1;
}

static void ask(const char *file, const char *text)
{
	FILE *f = fopen(file, "w");

	if (f) {
		fputs(text, f);
		fclose(f);
	}
}

/*
 * Freed things come back late (RCU, delayed work): settle first.  Of the free pages
 * that each CPU keeps, which may be megabytes, each refresh brings an eighth back.
 */
static struct usage measure(void)
{
	struct usage u;
	int i;

	sync();
	usleep(300000);
	ask("/proc/sys/vm/drop_caches", "3\n");
	usleep(200000);
	for (i = 0; i < REFRESHES; i++)
		ask("/proc/sys/vm/stat_refresh", "1\n");
	u.free_kb = meminfo_line("MemFree");
	u.slab_kb = meminfo_line("SUnreclaim");
	u.tasks = count_tasks();
	return u;
}

static int wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return 1;
	return argc <= 1;
}

static unsigned int run_suites(int argc, char **argv)
{
	const struct tap_suite *s;
	unsigned int failed = 0;

	for (s = __start_tap_suites; s < __stop_tap_suites; s++)
		if (wanted(s->name, argc, argv))
			failed += tap_run(s, NULL);
	return failed;
}

static unsigned int leak_check(unsigned int failed, int argc, char **argv)
{
	struct usage first = measure(), a = first, b = first;
	/* each CPU keeps some of what it freed */
	const long slab_max = SLAB_KB * sysconf(_SC_NPROCESSORS_ONLN);
	int mem = 0, slab = 0, round, same = 1;

	tap_quiet(1);
	for (round = 0; round < ROUNDS; round++) {
		same &= run_suites(argc, argv) <= failed;
		b = measure();
		mem += a.free_kb - b.free_kb > FREE_KB;
		slab += b.slab_kb - a.slab_kb > slab_max;
		if (mem <= round && slab <= round)
			break;
		a = b;
	}
	tap_quiet(0);
	printf("# free %ld -> %ld kB, slab %ld -> %ld kB, tasks %ld -> %ld\n",
	       first.free_kb, b.free_kb, first.slab_kb, b.slab_kb,
	       first.tasks, b.tasks);
	fflush(stdout);
	tap_point(mem < ROUNDS, "leak", "memory", NULL);
	tap_point(slab < ROUNDS, "leak", "slab", NULL);
	/* kernel threads come and go; a lost process per case would be many */
	tap_point(b.tasks - first.tasks < 8, "leak", "tasks", NULL);
	tap_point(same, "repeat", "same result in each round", NULL);
	return (mem >= ROUNDS) + (slab >= ROUNDS) + !same +
	       (b.tasks - first.tasks >= 8);
}

static const char *const ugly[] = {
	"BUG:", "WARNING: CPU", "WARNING: possible", "Oops", "kernel BUG at",
	"Bad page", "INFO: task", "general protection fault:", "double fault",
	"MCE:",
};

/*
 * arch/x86, too, warns once of a single step trap in its own code, which Bochs
 * raises when `mov ss` with TF precedes SYSCALL (debugreg: mov_ss_step).
 */
#define PARDONED	"exc_debug"

/* The kernel must have got through all of it without a word */
static unsigned int log_check(void)
{
	static char log[1 << 18];
	int n = klogctl(3, log, sizeof(log) - 1);
	unsigned int i, bad = 0;
	char *line;

	if (n < 0) {
		tap_point(1, "log", "clean", "cannot read the kernel's log");
		return 0;
	}
	for (line = strtok(log, "\n"); line; line = strtok(NULL, "\n"))
		for (i = 0; i < ARRAY_SIZE(ugly); i++)
			if (strstr(line, ugly[i]) && !strstr(line, PARDONED)) {
				printf("# %s\n", line);
				bad++;
			}
	fflush(stdout);
	tap_point(!bad, "log", "clean", NULL);
	return !!bad;
}

static int run_all(int argc, char **argv)
{
	int leaks = 1;
	unsigned int failed;

	if (argc > 1 && !strcmp(argv[1], "--no-leak")) {
		leaks = 0;
		argc--;
		argv++;
	}
	failed = run_suites(argc, argv);
	if (leaks)
		failed += leak_check(failed, argc, argv);
	failed += log_check();
	printf("1..%u\n", tap_points());
	return failed > 0;
}

static const char run_all_name[] = "run-all";

static const struct tap_tool tool __used_in("tap_tools") = {
	run_all_name, run_all
};
