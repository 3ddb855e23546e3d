// SPDX-License-Identifier: GPL-2.0
/*
 * umid=: a directory with this guest's name that holds its pid, where scripts
 * written for UML look for it, and where "linux shell" finds the guest.
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
#include "frame.h"
#include "umid.h"

static char dir_path[PATH_MAX];
static char pid_path[PATH_MAX];
static char shell_path[PATH_MAX];

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
	unlink(shell_path);
}

static void umid_remove(void)
{
	unlink(pid_path);
	unlink(shell_path);
	rmdir(dir_path);
}

static void set_paths(const char *name, const char *dir, bool make)
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
	/* "/NAME/shell" has to fit behind it. */
	if (len < 0 || (size_t)len + strlen(name) + 8 > sizeof(dir_path))
		die("uml_dir=: the name is too long");
	if (make)
		make_dir(dir_path);
	len += snprintf(dir_path + len, sizeof(dir_path) - len, "/%s", name);
	if (make)
		make_dir(dir_path);
	memcpy(pid_path, dir_path, len);
	memcpy(pid_path + len, "/pid", sizeof("/pid"));
	memcpy(shell_path, dir_path, len);
	memcpy(shell_path + len, "/shell", sizeof("/shell"));
}

static void write_file(const char *path, mode_t mode, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	ssize_t len = strlen(text);

	if (fd < 0)
		die_errno("umid=: cannot make %s", path);
	if (write(fd, text, len) != len)
		die_errno("umid=: cannot write %s", path);
	close(fd);
}

void umid_create(const char *name, const char *dir, u32 cid, const char *key)
{
	char text[64];

	set_paths(name, dir, true);
	remove_stale();
	at_quit(umid_remove);
	snprintf(text, sizeof(text), "%d\n", getpid());
	write_file(pid_path, 0644, text);
	snprintf(text, sizeof(text), "%u %s\n", cid, key);
	if (cid)
		write_file(shell_path, 0600, text);
}

u32 umid_find_shell(const char *name, const char *dir, char *key)
{
	FILE *file;
	u32 cid;

	set_paths(name, dir, false);
	file = fopen(shell_path, "re");
	if (!file)
		die("shell %s: %s: %s; was the guest started with umid=%s --vsock?",
		    name, shell_path, strerror(errno), name);
	if (fscanf(file, "%u " SHELL_KEY_WORD "%16s", &cid, key) != 2 ||
	    strlen(key) != SHELL_KEY_LEN)
		die("shell %s: %s is not a file of um-kvm", name, shell_path);
	fclose(file);
	return cid;
}
