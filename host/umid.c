// SPDX-License-Identifier: GPL-2.0
/*
 * umid=: a directory with this guest's name that holds its pid, where scripts
 * written for UML look for it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"
#include "umid.h"

static char dir_path[PATH_MAX];
static char pid_path[PATH_MAX];

static void make_dir(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		die_errno("umid=: cannot make %s", path);
}

/* What an earlier guest of that name left behind, unless it still runs. */
static void remove_stale(void)
{
	char text[32] = "";
	int fd = open(pid_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	long pid;

	if (fd < 0)
		return;
	if (read(fd, text, sizeof(text) - 1) < 0)
		die_errno("umid=: cannot read %s", pid_path);
	close(fd);
	pid = strtol(text, NULL, 10);
	if (pid > 0 && (!kill(pid, 0) || errno == EPERM))
		die("umid=: a guest of this name runs already, pid %ld in %s; take another name",
		    pid, pid_path);
	unlink(pid_path);
}

static void umid_remove(void)
{
	unlink(pid_path);
	rmdir(dir_path);
}

static void set_paths(const char *name, const char *dir)
{
	const char *home = getenv("HOME");
	int len;

	if (dir) {
		len = snprintf(dir_path, sizeof(dir_path), "%s", dir);
	} else {
		if (!home || !*home)
			die("umid=%s: $HOME is not set; give uml_dir=DIR", name);
		len = snprintf(dir_path, sizeof(dir_path), "%s/.uml", home);
	}
	/* "/NAME/pid" has to fit behind it. */
	if (len < 0 || (size_t)len + strlen(name) + 6 > sizeof(dir_path))
		die("uml_dir=: the name is too long");
	make_dir(dir_path);
	len += snprintf(dir_path + len, sizeof(dir_path) - len, "/%s", name);
	make_dir(dir_path);
	memcpy(pid_path, dir_path, len);
	memcpy(pid_path + len, "/pid", sizeof("/pid"));
}

void umid_create(const char *name, const char *dir)
{
	char text[32];
	int fd, len;

	set_paths(name, dir);
	remove_stale();
	at_quit(umid_remove);
	fd = open(pid_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		die_errno("umid=%s: cannot make %s", name, pid_path);
	len = snprintf(text, sizeof(text), "%d\n", getpid());
	if (write(fd, text, len) != len)
		die_errno("umid=%s: cannot write %s", name, pid_path);
	close(fd);
}
