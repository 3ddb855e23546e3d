// SPDX-License-Identifier: GPL-2.0
/*
 * stress: many threads that do what goes wrong between CPUs, and checks that
 * it did not.
 *
 *   stress SECONDS [THREADS [hotplug] [FAMILY]...]
 *
 * THREADS is per family, by default the number of CPUs; all families run unless
 * some are named.  The end comes after
 * SECONDS, and not before each thread did something; or at SIGTERM.  A line for
 * each thread with its number of operations, then "stress: ok" and 0; or 1 and
 * a line "stress: FAILED: ...".  It behaves alike on any x86-64 Linux.
 */
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include "stress.h"

/*
 * In seconds that this process slept through: where the host has no time for
 * the guest, they are long, too.
 */
#define STALLED		90

static const struct family *const families[] = {
	&mm_family, &tlb_family, &fork_family, &futex_family, &cond_family,
	&pi_family, &pipe_family, &signal_family, &timer_family, &clock_family,
	&fpu_family, &cpu_family,
};

#define FAMILIES	ARRAY_SIZE(families)

/* Between all processes */
static struct shared {
	int stop;
	int failed;
	int hotplug;
	struct {
		_Alignas(64) unsigned long ops;
	} slot[FAMILIES][MAX_THREADS];
} *shared;

static pid_t pids[FAMILIES];
static unsigned int threads;
static char **wanted;		/* families, up to NULL */
static const struct family *family;	/* of this process */
static _Thread_local struct worker *self;

bool stopping(void)
{
	return load(&shared->stop);
}

bool hotplug(void)
{
	return shared->hotplug;
}

void failed(const char *fmt, ...)
{
	char text[256], line[320];
	va_list ap;
	int n;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	n = snprintf(line, sizeof(line), "stress: FAILED: %s.%d: %s\n",
		     family ? family->name : "main", self ? (int)self->nr : -1,
		     text);
	if (shared)
		store(&shared->failed, 1);
	if (write(STDOUT_FILENO, line, n) != n)
		_exit(2);
	_exit(1);
}

/* For check() and for what is used of tests/guest */
void tap_fail(const char *file, int line, const char *what)
{
	failed("%s:%d: %s (errno %d)", file, line, what, errno);
}

void tap_differ(const char *file, int line, const char *what,
		unsigned long got, unsigned long want)
{
	failed("%s:%d: %s: got %#lx, want %#lx", file, line, what, got, want);
}

void skip(const char *fmt, ...)
{
	failed("cannot run: %s", fmt);
}

int wait_child(int pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		check(errno == EINTR);
	return status;
}

void pin_to(unsigned int nr)
{
	cpu_set_t set;
	int cpu;

	check(!sched_getaffinity(0, sizeof(set), &set));
	nr %= CPU_COUNT(&set);
	for (cpu = 0; !CPU_ISSET(cpu, &set) || nr--; cpu++)
		;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	check(!sched_setaffinity(0, sizeof(set), &set) || hotplug());
}

void be_patient(unsigned int *tries)
{
	if (++*tries < 20000)
		asm volatile("pause");
	else
		sched_yield();
}

unsigned int rnd(struct worker *me, unsigned int below)
{
	me->seed ^= me->seed << 13;
	me->seed ^= me->seed >> 17;
	me->seed ^= me->seed << 5;
	return me->seed % below;
}

uint64_t vdso_ns(void)
{
	struct timespec ts;

	check(!clock_gettime(CLOCK_MONOTONIC, &ts));
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static bool chosen(const char *name)
{
	char **arg;

	for (arg = wanted; *arg; arg++)
		if (!strcmp(*arg, name))
			return true;
	return !*wanted;
}

static unsigned int threads_of(unsigned int f)
{
	if (!chosen(families[f]->name))
		return 0;
	return families[f]->pairs ? (threads + 1) & ~1U : threads;
}

static void *thread_main(void *arg)
{
	self = arg;
	family->thread(self);
	return NULL;
}

static void run_family(unsigned int f)
{
	static struct worker workers[MAX_THREADS];
	pthread_t tids[MAX_THREADS];
	unsigned int i, n = threads_of(f);

	family = families[f];
	if (family->setup)
		family->setup(n);
	for (i = 0; i < n; i++) {
		workers[i] = (struct worker) {
			.nr = i, .of = n, .seed = (f + 1) * 7919 + i * 104729,
			.ops = &shared->slot[f][i].ops,
		};
		check(!pthread_create(&tids[i], NULL, thread_main,
				      &workers[i]));
	}
	for (i = 0; i < n; i++)
		check(!pthread_join(tids[i], NULL));
}

static void start_families(void)
{
	unsigned int f;

	for (f = 0; f < FAMILIES; f++) {
		if (!threads_of(f))
			continue;
		pids[f] = fork();
		check(pids[f] >= 0);
		if (!pids[f]) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			run_family(f);
			_exit(0);
		}
	}
}

/* Takes note of who ended; true if any still runs */
static bool families_run(void)
{
	bool running = false;
	unsigned int f;
	int status;

	for (f = 0; f < FAMILIES; f++) {
		if (!pids[f])
			continue;
		if (waitpid(pids[f], &status, WNOHANG) != pids[f]) {
			running = true;
			continue;
		}
		pids[f] = 0;
		if (!status || shared->failed)
			continue;
		store(&shared->failed, 1);
		printf("stress: FAILED: %s: ended with status %#x\n",
		       families[f]->name, status);
	}
	return running;
}

/* False while a thread has not done anything yet */
static bool watch(void)
{
	static unsigned long last[FAMILIES][MAX_THREADS];
	static unsigned int idle[FAMILIES][MAX_THREADS];
	bool all = true;
	unsigned int f, i;

	for (f = 0; f < FAMILIES; f++) {
		for (i = 0; pids[f] && i < threads_of(f); i++) {
			unsigned long ops = load(&shared->slot[f][i].ops);

			all &= ops > 0;
			idle[f][i] = ops == last[f][i] ? idle[f][i] + 1 : 0;
			last[f][i] = ops;
			if (idle[f][i] < STALLED)
				continue;
			store(&shared->failed, 1);
			printf("stress: FAILED: %s.%u: stands still after %lu operations\n",
			       families[f]->name, i, ops);
		}
	}
	return all;
}

static void report(void)
{
	unsigned int f, i;

	for (f = 0; f < FAMILIES; f++)
		for (i = 0; i < threads_of(f); i++)
			printf("%s.%u: %lu operations\n", families[f]->name, i,
			       shared->slot[f][i].ops);
}

static int finish(void)
{
	unsigned int f;

	for (f = 0; f < FAMILIES; f++)
		if (pids[f])
			kill(pids[f], SIGKILL);
	while (wait(NULL) > 0)
		;
	report();
	puts(shared->failed ? "stress: failed" : "stress: ok");
	return shared->failed;
}

/* Each word is the name of a family */
static bool families_named(void)
{
	unsigned int f, named = 0;
	char **arg;

	for (arg = wanted; *arg; arg++)
		for (f = 0; f < FAMILIES; f++)
			named += !strcmp(*arg, families[f]->name);
	return named == arg - wanted;
}

static void on_term(int signo)
{
	store(&shared->stop, 1);
}

static void parse(int argc, char **argv)
{
	int secs = argc > 1 ? atoi(argv[1]) : 0;
	int n = argc > 2 ? atoi(argv[2]) : sysconf(_SC_NPROCESSORS_ONLN);

	threads = n < 2 ? 2 : n > MAX_THREADS ? MAX_THREADS : n;
	shared->hotplug = argc > 3 && !strcmp(argv[3], "hotplug");
	wanted = argv + (argc < 3 ? argc : 3 + shared->hotplug);
	if (secs <= 0 || n <= 0 || !families_named()) {
		fprintf(stderr, "usage: stress SECONDS [THREADS [hotplug] [FAMILY]...]\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	uint64_t end;

	if (argc == 4 && !strcmp(argv[1], "exec-check"))
		return exec_check(argv);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 2;
	parse(argc, argv);
	setvbuf(stdout, NULL, _IOLBF, 0);
	end = vdso_ns() + atoi(argv[1]) * 1000000000ULL;
	start_families();
	signal(SIGTERM, on_term);
	do {
		sleep(1);
		if (watch() && vdso_ns() > end)
			store(&shared->stop, 1);
	} while (families_run() && !shared->failed);
	return finish();
}
