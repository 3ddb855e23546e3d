// SPDX-License-Identifier: GPL-2.0
/*
 * The second machine: Bochs, which emulates an Intel CPU with VT-x, EPT and
 * unrestricted guest.  It interprets, so it boots from a CD for each run, in
 * some forty seconds.  The agent is reached through the second serial port,
 * which Bochs connects to a pty; the first one is L1's console.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "relay.h"

/* What Bochs takes a disk's size to be made of: 16 heads of 63 sectors */
#define CYLINDER	(16 * 63 * 512)

static const char * const scratch_files[] = {
	"job.img", "job.img.lock", "bochsrc", "rc", "console", "bochs.log",
};

static char *scratch_name(const struct options *opt, const char *file)
{
	char *name;

	if (asprintf(&name, "%s/%s", opt->scratch, file) < 0)
		abort();
	return name;
}

static int scratch_open(const struct options *opt, const char *file)
{
	char *name = scratch_name(opt, file);
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		bed_die("%s: %s", name, strerror(errno));
	free(name);
	return fd;
}

/* tests/bed/bed removes directories of processes that are no more */
int bochs_disk(struct options *opt)
{
	if (asprintf(&opt->scratch, "%s/intel.%d", opt->base, getpid()) < 0)
		abort();
	if (mkdir(opt->scratch, 0777))
		bed_die("%s: %s", opt->scratch, strerror(errno));
	return scratch_open(opt, "job.img");
}

void bochs_clean(const struct options *opt)
{
	size_t i;

	if (!opt->scratch)
		return;
	for (i = 0; i < sizeof(scratch_files) / sizeof(scratch_files[0]); i++)
		unlink(scratch_name(opt, scratch_files[i]));
	rmdir(opt->scratch);
}

/*
 * The CPU is the newest whose emulation L1 boots on.  Time follows the
 * instruction count (sync=none), not the host's clock.
 */
static void write_config(const struct options *opt, const char *port)
{
	int fd = scratch_open(opt, "bochsrc");

	dprintf(fd, "cpu: model=corei7_haswell_4770, count=1, ips=50000000, reset_on_triple_fault=0\n"
		"memory: guest=%u, host=%u\n"
		"romimage: file=/usr/share/bochs/BIOS-bochs-latest\n"
		"vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest\n"
		"ata0-master: type=cdrom, path=%s/l1-intel.iso, status=inserted\n"
		"ata1-master: type=disk, mode=flat, path=%s/job.img\n"
		"boot: cdrom\n"
		"com1: enabled=1, mode=file, dev=%s\n"
		"com2: enabled=1, mode=term, dev=%s\n"
		"clock: sync=none, time0=local\n"
		"panic: action=fatal\n"
		"error: action=ignore\n"
		"info: action=ignore\n"
		"display_library: term\n"
		"log: %s/bochs.log\n",
		opt->mem, opt->mem, opt->base, opt->scratch,
		opt->log ? opt->log : scratch_name(opt, "console"), port,
		opt->scratch);
	close(fd);
	/* Debian's Bochs starts in its debugger: continue */
	fd = scratch_open(opt, "rc");
	dprintf(fd, "c\n");
	close(fd);
}

static void exec_bochs(const struct options *opt, int screen)
{
	ioctl(screen, TIOCSCTTY, 0);
	dup2(screen, 0);
	dup2(screen, 1);
	dup2(screen, 2);
	setenv("TERM", "xterm", 1);
	execlp("bochs-bin", "bochs-bin", "-q",
	       "-f", scratch_name(opt, "bochsrc"),
	       "-rc", scratch_name(opt, "rc"), NULL);
	_exit(127);
}

/* Returns the name of its other end */
static char *open_pty(int *master, int *slave)
{
	char name[128];
	struct termios t;

	if (openpty(master, slave, name, NULL, NULL))
		bed_die("openpty: %s", strerror(errno));
	tcgetattr(*slave, &t);
	cfmakeraw(&t);
	tcsetattr(*slave, TCSANOW, &t);
	fcntl(*master, F_SETFD, FD_CLOEXEC);
	fcntl(*master, F_SETFL, O_NONBLOCK);
	return strdup(name);
}

void bochs_start(struct machine *m, const struct options *opt)
{
	int port_slave, screen_slave, disk = scratch_open(opt, "job.img");
	struct stat st;

	if (fstat(disk, &st) ||
	    ftruncate(disk, (st.st_size / CYLINDER + 1) * CYLINDER))
		bed_die("%s/job.img: %s", opt->scratch, strerror(errno));
	close(disk);
	/* The slave stays open here, or the master fails until Bochs opens it */
	write_config(opt, open_pty(&m->port, &port_slave));
	open_pty(&m->screen[0], &screen_slave);
	m->console = scratch_open(opt, "console");
	m->errors = scratch_open(opt, "bochs.log");
	if (!machine_fork(m))
		exec_bochs(opt, screen_slave);
	close(screen_slave);
}

/*
 * With its debugger, Bochs draws on a pty of its own making, tells its name on
 * the terminal that it was started on, and stops for good once that is full.
 */
static void open_second_screen(struct machine *m, const char *text)
{
	static const char key[] = "connected to screen \"";
	static char seen[16384];
	char *name;

	strncat(seen, text, sizeof(seen) - strlen(seen) - 1);
	name = strstr(seen, key);
	if (!name || !strchr(name + sizeof(key) - 1, '"'))
		return;
	name += sizeof(key) - 1;
	name[strcspn(name, "\"")] = 0;
	m->screen[1] = open(name, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

void bochs_drain(struct machine *m)
{
	char text[8192];
	ssize_t n;
	int i;

	for (i = 0; i < 2; i++) {
		n = read(m->screen[i], text, sizeof(text) - 1);
		text[n > 0 ? n : 0] = 0;
		if (i == 0 && m->screen[1] < 0)
			open_second_screen(m, text);
	}
}
