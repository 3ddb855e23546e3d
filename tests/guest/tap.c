// SPDX-License-Identifier: GPL-2.0
/*
 * The runner behind tap.h: chooses a suite or tool by argv[0], runs each case
 * in a child with a time limit and prints one line of TAP for it.
 *
 * The line is printed after the case, in the order of the table, so a guest
 * that dies names the culprit: it is the case after the last line.
 */
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include "tap.h"

#define EXIT_FAILED	1
#define EXIT_SKIPPED	77

extern const struct tap_tool __start_tap_tools[], __stop_tap_tools[];

static unsigned int points;
static int quiet;

/* Shared with the children: why the case was skipped or failed */
static char *note;
#define NOTE_SIZE	PAGE

static void __printf_like(1, 2) say(const char *fmt, ...)
{
	char line[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n > (int)sizeof(line) - 1)
		n = sizeof(line) - 1;
	if (write(STDOUT_FILENO, line, n) != n)
		_exit(EXIT_FAILED);
}

/* Later rounds of run-all say nothing but what failed, as comments */
void tap_quiet(int on)
{
	quiet = on;
}

unsigned int tap_points(void)
{
	return points;
}

void tap_point(int ok, const char *suite, const char *name, const char *why)
{
	if (quiet && ok)
		return;
	if (!ok && note && note[0])
		say("%s", note);
	if (quiet) {
		say("# failed again: %s: %s\n", suite, name);
		return;
	}
	say("%sok %u - %s: %s%s%s\n", ok ? "" : "not ", ++points, suite, name,
	    why ? " # SKIP " : "", why ? why : "");
}

void skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(note, NOTE_SIZE, fmt, ap);
	va_end(ap);
	_exit(EXIT_SKIPPED);
}

void tap_fail(const char *file, int line, const char *what)
{
	snprintf(note, NOTE_SIZE, "# %s:%d: failed: %s (errno %d)\n",
		 basename((char *)file), line, what, errno);
	_exit(EXIT_FAILED);
}

void tap_differ(const char *file, int line, const char *what,
		unsigned long got, unsigned long want)
{
	snprintf(note, NOTE_SIZE,
		 "# %s:%d: failed: %s: got %#lx, want %#lx (errno %d)\n",
		 basename((char *)file), line, what, got, want, errno);
	_exit(EXIT_FAILED);
}

int wait_child(int pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		check(errno == EINTR);
	return status;
}

int run_child(void (*fn)(void *), void *arg)
{
	int pid = fork();

	check(pid >= 0);
	if (!pid) {
		fn(arg);
		_exit(0);
	}
	return wait_child(pid);
}

void check_child(void (*fn)(void *), void *arg)
{
	int status = run_child(fn, arg);

	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIPPED)
		_exit(EXIT_SKIPPED);
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILED)
		_exit(EXIT_FAILED);
	check_eq(status, 0);
}

/* Waits for @pid, or kills it after @secs; true if it ended by itself */
static int wait_limited(int pid, unsigned int secs, int *status)
{
	struct timespec limit = { .tv_sec = secs };
	uint64_t end = now_ns() + secs * 1000000000ULL;
	sigset_t chld;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	while (waitpid(pid, status, WNOHANG) != pid) {
		if (now_ns() > end) {
			kill(-pid, SIGKILL);
			kill(pid, SIGKILL);
			waitpid(pid, status, 0);
			return 0;
		}
		sigtimedwait(&chld, NULL, &limit);
	}
	return 1;
}

/* What the case left behind goes with it, so that nothing looks like a leak */
static void reap_group(int pid)
{
	kill(-pid, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static int run_case(const struct tap_suite *suite, const struct tap_case *c)
{
	unsigned int secs = (c->secs ? c->secs : TAP_SECS) * tap_slow();
	int status, pid, in_time;

	note[0] = 0;
	pid = fork();
	if (pid < 0) {
		say("# fork: errno %d\n", errno);
		tap_point(0, suite->name, c->name, NULL);
		return 1;
	}
	if (!pid) {
		sigset_t chld;

		setpgid(0, 0);
		sigemptyset(&chld);
		sigaddset(&chld, SIGCHLD);
		sigprocmask(SIG_UNBLOCK, &chld, NULL);
		c->fn();
		_exit(0);
	}
	setpgid(pid, pid);
	in_time = wait_limited(pid, secs, &status);
	reap_group(pid);
	if (in_time && WIFEXITED(status)) {
		int code = WEXITSTATUS(status);

		tap_point(code == 0 || code == EXIT_SKIPPED, suite->name,
			  c->name, code == EXIT_SKIPPED ? note : NULL);
		return code != 0 && code != EXIT_SKIPPED;
	}
	if (in_time)
		say("# ended by signal %d\n", WTERMSIG(status));
	else
		say("# no end after %u seconds\n", secs);
	tap_point(0, suite->name, c->name, NULL);
	return 1;
}

static void prepare(void)
{
	sigset_t chld;

	if (note)
		return;
	note = mmap(NULL, NOTE_SIZE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (note == MAP_FAILED)
		_exit(EXIT_FAILED);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

unsigned int tap_run(const struct tap_suite *suite, const char *only)
{
	unsigned int failed = 0;
	size_t i;

	prepare();
	for (i = 0; i < suite->nr; i++)
		if (!only || !strcmp(only, suite->cases[i].name))
			failed += run_case(suite, &suite->cases[i]);
	return failed;
}

static int list(void)
{
	const struct tap_suite *s;
	size_t i;

	for (s = __start_tap_suites; s < __stop_tap_suites; s++)
		for (i = 0; i < s->nr; i++)
			printf("%s %s\n", s->name, s->cases[i].name);
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = basename(argv[0]);
	const struct tap_suite *s;
	const struct tap_tool *t;

	if (!strcmp(name, "guest-tests") && argc > 1) {
		name = *++argv;
		argc--;
	}
	if (!strcmp(name, "--list"))
		return list();
	for (t = __start_tap_tools; t < __stop_tap_tools; t++)
		if (!strcmp(t->name, name))
			return t->main(argc, argv);
	for (s = __start_tap_suites; s < __stop_tap_suites; s++) {
		unsigned int failed;

		if (strcmp(s->name, name))
			continue;
		failed = tap_run(s, argv[1]);
		if (!points)
			fprintf(stderr, "%s: no case %s\n", name, argv[1]);
		say("1..%u\n", points);
		return failed || !points;
	}
	fprintf(stderr, "guest-tests: no suite or tool '%s'; try --list\n",
		name);
	return 2;
}
