// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that serve a device (passt, virtiofsd): started before the sandbox
 * closes, with one descriptor, and without our signal mask.  What they say goes
 * into a pipe, of which the last line tells why one did not start.  Nobody reads
 * it later; it never makes the program wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "die.h"

bool child_start(struct child *child, char **words, int fd)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int errors[2], error;
	sigset_t none;

	if (pipe2(errors, O_CLOEXEC) || fcntl(errors[1], F_SETFL, O_NONBLOCK))
		die_errno("cannot make a pipe");
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&files, errors[1], 2);
	posix_spawn_file_actions_adddup2(&files, fd, CHILD_FD);
	error = posix_spawnp(&child->pid, words[0], &files, &attr, words, environ);
	close(fd);
	close(errors[1]);
	child->errors = errors[0];
	errno = error;
	return !error;
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
