// SPDX-License-Identifier: GPL-2.0
/*
 * Runs selftests in the guest, one after the other, each with a time limit and
 * nothing left of it afterwards, and prints what came of them:
 *
 *	@ start COLLECTION:TEST
 *	@ pass|skip|fail COLLECTION:TEST/SUBTEST
 *	@ pass|skip|fail|timeout COLLECTION:TEST SECONDS
 *
 * A subtest is a line of TAP in the test's output; a space in a name is printed
 * as "_".  The rest of the output goes out as comment, "# LINE".  The tests are
 * read from standard input: "COLLECTION SECONDS COMMAND [ARGUMENT]...".
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROOT		"/kselftest/"
#define BLANKS		"\n "
#define ARGS_MAX	16
#define LINES_MAX	2000	/* of a test; what it says after them is dropped */
#define EXIT_SKIP	4	/* KSFT_SKIP */

struct test {
	const char *collection;
	double limit;
	char *args[ARGS_MAX + 2];	/* [0] is for a shell, if it takes one */
	char name[256];
	int lines;
};

struct line {
	char text[512];
	size_t len;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void replace_spaces(char *s)
{
	char *end = s + strlen(s);

	while (end > s && end[-1] == ' ')
		*--end = '\0';
	for (; *s; s++)
		if (!isgraph((unsigned char)*s))
			*s = '_';
}

/* "ok 3 - NAME # SKIP why": subtests of subtests are indented, or comments */
static void report_subtest(struct test *t, const char *text)
{
	const char *word = "pass";
	char name[256];
	char *end;

	if (!strncmp(text, "not ok ", 7)) {
		word = "fail";
		text += 4;
	} else if (strncmp(text, "ok ", 3)) {
		return;
	}
	text += 3 + strspn(text + 3, " 0123456789");
	text += strspn(text, "- ");
	snprintf(name, sizeof(name), "%s", text);
	end = strstr(name, "# ");
	if (end) {
		if (!strncasecmp(end + 2, "skip", 4) ||
		    !strncasecmp(end + 2, "xfail", 5))
			word = "skip";
		*end = '\0';
	}
	replace_spaces(name);
	printf("@ %s %s/%s\n", word, t->name, name);
}

static void end_line(struct test *t, struct line *l)
{
	l->text[l->len] = '\0';
	l->len = 0;
	if (++t->lines > LINES_MAX)
		return;
	printf("# %s\n", l->text);
	report_subtest(t, l->text);
}

static void add_output(struct test *t, struct line *l, const char *s, size_t n)
{
	for (; n; n--, s++) {
		if (*s == '\n')
			end_line(t, l);
		else if (*s != '\r' && l->len < sizeof(l->text) - 1)
			l->text[l->len++] = *s;
	}
}

/* The test gets a session, so that what it does to its group ends there */
static pid_t start(struct test *t, int output[2])
{
	char dir[256], path[512];
	pid_t pid;

	if (pipe2(output, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid)
		return pid;
	setsid();
	snprintf(dir, sizeof(dir), ROOT "%s", t->collection);
	snprintf(path, sizeof(path), "./%s", t->args[1]);
	t->args[0] = "bash";
	t->args[1] = path;
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(output[1], 1);
	dup2(output[1], 2);
	if (chdir(dir) == 0) {
		execv(path, t->args + 1);
		if (errno == EACCES || errno == ENOEXEC)
			execv("/bin/bash", t->args);
	}
	perror(path);
	_exit(127);
}

/* A line of /proc/PID/stat: "PID (NAME) STATE PARENT" */
static bool is_child(const char *pid)
{
	char path[300], line[256] = "";
	const char *parent;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	f = fopen(path, "r");
	if (!f)
		return false;
	parent = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	fclose(f);
	return parent && strlen(parent) > 4 && atoi(parent + 4) == getpid();
}

/* Whose parent ends is a child of the runner; only its children are killed */
static void end_descendants(void)
{
	struct dirent *entry;
	DIR *proc;

	do {
		proc = opendir("/proc");
		while (proc && (entry = readdir(proc)))
			if (isdigit((unsigned char)entry->d_name[0]) &&
			    is_child(entry->d_name))
				kill(atoi(entry->d_name), SIGKILL);
		if (proc)
			closedir(proc);
	} while (waitpid(-1, NULL, 0) > 0);
}

/* Until the test's end or its deadline; true if it ended by itself */
static bool follow(struct test *t, pid_t pid, int fd, int *status)
{
	double deadline = now() + t->limit;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct line line = { .len = 0 };
	bool ended = false;
	char buf[4096];
	ssize_t n;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (!ended && now() < deadline) {
		/* Who holds the pipe may live longer than the test */
		poll(&p, 1, 100);
		ended = waitpid(pid, status, WNOHANG) == pid;
		while ((n = read(fd, buf, sizeof(buf))) > 0) {
			add_output(t, &line, buf, n);
			if (now() > deadline)
				break;
		}
		if (n == 0 && !ended)
			usleep(10000);
	}
	if (line.len)
		end_line(t, &line);
	return ended;
}

static void run(struct test *t)
{
	double begin = now();
	int output[2], status = 0;
	const char *word = "timeout";
	pid_t pid;

	printf("@ start %s\n", t->name);
	fflush(stdout);
	pid = start(t, output);
	if (pid < 0) {
		perror("runner");
		exit(1);
	}
	close(output[1]);
	if (follow(t, pid, output[0], &status)) {
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			word = "pass";
		else if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIP)
			word = "skip";
		else
			word = "fail";
		printf("# status %#x\n", status);
	}
	close(output[0]);
	end_descendants();
	printf("@ %s %s %.1f\n", word, t->name, now() - begin);
	fflush(stdout);
}

/* The name is the command line, with "_" where a subtest's name would begin */
static bool parse(struct test *t, char *line)
{
	char *s, *save, *word = strtok_r(line, BLANKS, &save);
	int n = 0;

	memset(t, 0, sizeof(*t));
	t->collection = word;
	word = word ? strtok_r(NULL, BLANKS, &save) : NULL;
	t->limit = word ? atof(word) : 0;
	snprintf(t->name, sizeof(t->name), "%s:", t->collection);
	while (n < ARGS_MAX && word && (word = strtok_r(NULL, BLANKS, &save))) {
		size_t len = strlen(t->name);

		snprintf(t->name + len, sizeof(t->name) - len, "%s%s",
			 n ? "_" : "", word);
		t->args[++n] = word;
	}
	for (s = strchr(t->name, ':'); *s; s++)
		if (*s == '/')
			*s = '_';
	return n > 0;
}

int main(void)
{
	static struct test t;
	char line[512];

	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	while (fgets(line, sizeof(line), stdin))
		if (parse(&t, line))
			run(&t);
	printf("@ end\n");
	return 0;
}
