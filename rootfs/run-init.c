// SPDX-License-Identifier: GPL-2.0
/*
 * The first process of "linux run" (host/run.c): makes the host's directory
 * the root, runs one command there, carries its standard streams, and powers off
 * with its exit status as soon as it has ended.  It is static, all that it needs
 * is in its initramfs, and it takes nothing from the command line.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "../host/run.h"
#include "run-streams.h"

#define TERMINAL	"/dev/hvc0"
/* Statuses that shells have for what could not be run, and the shim's own. */
#define STATUS_FAILED	125
#define STATUS_DENIED	126
#define STATUS_MISSING	127

static struct run_info *info;
static gid_t *groups;
static char *cwd, **args, **env;
static int exitcode = -1;
static int messages = -1;

static void say(const char *fmt, va_list ap, const char *why)
{
	char line[1024];
	int len;

	vsnprintf(line, sizeof(line) - 200, fmt, ap);
	len = strlen(line);
	len += snprintf(line + len, sizeof(line) - len, ": %s\n", why);
	if (write(messages, line, len) < 0)
		return;
}

static _Noreturn void power_off(int status)
{
	sync();
	if (exitcode >= 0)
		dprintf(exitcode, "%d", status);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

/* In the child, too: its parent hands the status on. */
static _Noreturn void fail(int status, const char *fmt, ...)
{
	const char *why = strerror(errno);
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap, why);
	va_end(ap);
	if (getpid() != 1)
		_exit(status);
	power_off(status);
}

static char **take_strings(char **at, unsigned int nr)
{
	char **strings = calloc(nr + 1, sizeof(*strings));
	unsigned int i;

	for (i = 0; strings && i < nr; i++) {
		strings[i] = *at;
		*at += strlen(*at) + 1;
	}
	return strings;
}

static void read_info(void)
{
	int fd = open("/" RUN_INFO, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *at;

	if (fd < 0 || fstat(fd, &st))
		fail(STATUS_FAILED, "linux: run: /" RUN_INFO);
	info = calloc(1, st.st_size);
	if (!info || read(fd, info, st.st_size) != st.st_size)
		fail(STATUS_FAILED, "linux: run: /" RUN_INFO);
	close(fd);
	groups = (gid_t *)(info + 1);
	at = (char *)(groups + info->nr_groups);
	cwd = *take_strings(&at, 1);
	args = take_strings(&at, info->nr_args);
	env = take_strings(&at, info->nr_env);
}

/* What is built into the kernel has no file here. */
static void load_module(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (syscall(SYS_finit_module, fd, "", 0))
		fail(STATUS_FAILED, "linux: run: %s does not belong to this kernel",
		     path);
	close(fd);
}

/* @missing: what to do about a kernel that does not have it, or NULL. */
static void mount_on(const char *what, const char *where, const char *type,
		     unsigned long flags, const char *options)
{
	/* A directory of the host's is not changed. */
	if (!(info->flags & RUN_RW))
		mkdir(where, 0755);
	if (!mount(what, where, type, flags, options))
		return;
	if (errno == ENODEV)
		fail(STATUS_FAILED, "linux: run: the kernel has no file system \"%s\"%s",
		     type, strcmp(type, "overlay") ? "" : "; try --rw");
	fail(STATUS_FAILED, "linux: run: cannot mount %s in the root directory",
	     where);
}

static void set_fowner(bool on)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &head, caps))
		fail(STATUS_FAILED, "linux: run: capabilities");
	caps[0].effective &= ~(1U << CAP_FOWNER);
	caps[0].effective |= on << CAP_FOWNER;
	if (syscall(SYS_capset, &head, caps))
		fail(STATUS_FAILED, "linux: run: capabilities");
}

/*
 * Overlayfs opens files with O_NOATIME if who has mounted it may do so here; but
 * a server without root may not, on files of others, and refuses to open them.
 * One more layer, mounted without that right, takes the flag away.  The upper
 * one needs the right, to copy what belongs to others.
 */
static const char *mount_lower(void)
{
	mount_on(RUN_TAG, "/lower", "virtiofs", MS_RDONLY, NULL);
	if (!(info->flags & RUN_MAPPED))
		return "lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work";
	mkdir("/empty", 0755);
	set_fowner(false);
	mount_on("overlay", "/plain", "overlay", MS_RDONLY,
		 "lowerdir=/lower:/empty");
	set_fowner(true);
	return "lowerdir=/plain,upperdir=/upper/files,workdir=/upper/work";
}

static void mount_root(void)
{
	const char *layers;
	struct stat st;

	mkdir("/new", 0755);
	if (info->flags & RUN_RW) {
		mount_on(RUN_TAG, "/new", "virtiofs", 0, NULL);
	} else {
		layers = mount_lower();
		mount_on("tmpfs", "/upper", "tmpfs", 0, "mode=755");
		mkdir("/upper/work", 0755);
		mkdir("/upper/files", 0755);
		/* The root directory itself is the upper layer's. */
		if (stat("/lower", &st) ||
		    chown("/upper/files", st.st_uid, st.st_gid) ||
		    chmod("/upper/files", st.st_mode & 07777))
			fail(STATUS_FAILED, "linux: run: the root directory");
		mount_on("overlay", "/new", "overlay", 0, layers);
	}
	if (chdir("/new") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot("."))
		fail(STATUS_FAILED, "linux: run: cannot enter the root directory");
}

static void mount_others(void)
{
	mount_on("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount_on("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount_on("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, NULL);
	mkdir("/dev/pts", 0755);
	mkdir("/dev/shm", 0755);
	mount_on("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
		 "mode=620,ptmxmode=666");
	mount_on("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
	mount_on("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755");
	if (symlink("/proc/self/fd", "/dev/fd") ||
	    symlink("fd/0", "/dev/stdin") || symlink("fd/1", "/dev/stdout") ||
	    symlink("fd/2", "/dev/stderr"))
		fail(STATUS_FAILED, "linux: run: links in /dev");
}

/*
 * With --net the kernel has asked for an address and knows name servers.  Those
 * of the host's file may be the host's own, which the guest cannot reach.
 */
static void set_name_servers(void)
{
	char text[1024] = "";
	int fd = open("/proc/net/pnp", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* A root directory without such a file is left without. */
	if (read(fd, text, sizeof(text) - 1) > 0 && strstr(text, "nameserver"))
		mount("/proc/net/pnp", "/etc/resolv.conf", NULL, MS_BIND, NULL);
	close(fd);
}

static void set_up_loopback(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ioctl(fd, SIOCSIFFLAGS, &lo);
	close(fd);
}

static void write_file(const char *path, const char *fmt, unsigned int id)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, fmt, id) < 0)
		fail(STATUS_FAILED, "linux: run: %s", path);
	close(fd);
}

/*
 * With RUN_MAPPED the host's user is 0 here, as far as files are concerned.  A
 * user namespace gives it back its number, and takes the rights of 0 away.
 */
static void become_user(void)
{
	if (info->flags & RUN_MAPPED) {
		if (unshare(CLONE_NEWUSER))
			fail(STATUS_FAILED, "linux: run: no user namespace");
		write_file("/proc/self/setgroups", "deny", 0);
		write_file("/proc/self/uid_map", "%u 0 1", info->uid);
		write_file("/proc/self/gid_map", "%u 0 1", info->gid);
	} else if (setgroups(info->nr_groups, groups) || setgid(info->gid) ||
		   setuid(info->uid)) {
		fail(STATUS_FAILED, "linux: run: cannot become user %u", info->uid);
	}
}

static void take_terminal(void)
{
	struct winsize size = { .ws_row = info->rows, .ws_col = info->cols };

	setsid();
	if (!(info->flags & RUN_TERMINAL))
		return;
	ioctl(STDIN_FILENO, TIOCSWINSZ, &size);
	ioctl(STDIN_FILENO, TIOCSCTTY, 1);
}

static _Noreturn void run_command(const int fds[3])
{
	sigset_t none;
	int fd;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	for (fd = 0; fd < 3; fd++)
		dup2(fds[fd], fd);
	messages = STDERR_FILENO;
	take_terminal();
	umask(info->umask);
	become_user();
	if (chdir(cwd))
		fail(STATUS_FAILED, "linux: run: %s", cwd);
	environ = env;
	execvp(args[0], args);
	fail(errno == ENOENT ? STATUS_MISSING : STATUS_DENIED, "linux: run: %s",
	     args[0]);
}

/* What the command gets as descriptors 0 to 2. */
static void open_files(int fds[3])
{
	const bool terminal = info->flags & RUN_TERMINAL;
	int fd, tty = -1;

	if (terminal) {
		tty = open(TERMINAL, O_RDWR | O_NOCTTY | O_CLOEXEC);
		if (tty < 0)
			fail(STATUS_FAILED, "linux: run: " TERMINAL);
		fchown(tty, info->flags & RUN_MAPPED ? 0 : info->uid, -1);
	}
	for (fd = 0; fd < 3; fd++) {
		if (terminal && (fd < 2 || !(info->flags & RUN_STDERR)))
			fds[fd] = tty;
		else
			fds[fd] = stream_open(fd);
		if (fds[fd] < 0)
			fail(STATUS_FAILED, "linux: run: stream %d", fd);
	}
	messages = stream_message_fd() < 0 ? tty : stream_message_fd();
}

/* The kernel found no console, so nothing is open. */
static void start(void)
{
	mkdir("/dev", 0755);
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	while (messages < 3) {
		messages = open("/dev/kmsg", O_RDWR | O_CLOEXEC);
		if (messages < 0)
			fail(STATUS_FAILED, "/dev/kmsg");
	}
	exitcode = open("/proc/exitcode", O_WRONLY | O_CLOEXEC);
}

int main(void)
{
	int fds[3], status;
	pid_t pid;

	start();
	read_info();
	open_files(fds);
	load_module("/fuse.ko");
	load_module("/virtiofs.ko");
	load_module("/overlay.ko");
	mount_root();
	mount_others();
	set_up_loopback();
	set_name_servers();
	streams_prepare();
	pid = fork();
	if (!pid)
		run_command(fds);
	if (pid < 0)
		fail(STATUS_FAILED, "linux: run: cannot start a process");
	status = streams_carry(pid, fds);
	/* The terminal gets the rest of its output. */
	tcdrain(fds[0]);
	power_off(status);
}
