// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that serve a device (passt, virtiofsd, qemu-storage-daemon): started
 * before the sandbox closes, with one descriptor, and without our signal mask.
 * They are told to end when we do, whatever ends us.  What they say goes into a
 * pipe, of which the last line tells why one did not start.  Nobody reads it
 * later; it never makes the program wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "die.h"

/* In the child, which has the parent's memory until it runs the program. */
static void run(char **words, int fd, int errors, pid_t parent)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	sigemptyset(&none);
	setsid();	/* Ctrl-C of a terminal is for us to handle */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* Had it died before that, nobody would tell us. */
	if (getppid() != parent || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
	    dup2(errors, 2) < 0 || dup2(fd, CHILD_FD) < 0)
		return;
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(words[0], words);
}

void child_start(struct child *child, char **words, int fd, const char *label,
		 const char *package)
{
	const pid_t parent = getpid();
	int errors[2];

	if (pipe2(errors, O_CLOEXEC) || fcntl(errors[1], F_SETFL, O_NONBLOCK))
		die_errno("cannot make a pipe");
	child->error = 0;
	child->pid = vfork();
	if (!child->pid) {
		run(words, fd, errors[1], parent);
		child->error = errno;
		_exit(1);
	}
	errno = child->pid < 0 ? errno : child->error;
	if (errno == ENOENT)
		die("%s is not installed: apt-get install %s", label, package);
	if (errno)
		die_errno("%s: cannot start", label);
	close(fd);
	close(errors[1]);
	child->errors = errors[0];
	child->pidfd = pidfd_open(child->pid, 0);
}

/* passt also complains when there is no system logger. */
int child_wait(struct child *child)
{
	FILE *lines = fdopen(child->errors, "r");
	char line[sizeof(child->why)];
	int status;

	snprintf(child->why, sizeof(child->why), "it does not say why");
	while (lines && fgets(line, sizeof(line), lines)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && !strstr(line, "to syslog"))
			memcpy(child->why, line, sizeof(line));
	}
	if (!lines || waitpid(child->pid, &status, 0) < 0)
		die_errno("cannot wait for a program");
	fclose(lines);
	return status;
}

void child_end(const struct child *child, int patience_ms)
{
	struct pollfd end = { child->pidfd, POLLIN, 0 };

	if (!pidfd_send_signal(child->pidfd, SIGTERM, NULL, 0))
		poll(&end, 1, patience_ms);
}
