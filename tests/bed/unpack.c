// SPDX-License-Identifier: GPL-2.0
/*
 * Takes a job (job.h) off the disk inside L1.  Files appear under the names
 * that they have outside, so that relative and absolute paths and messages
 * that show them are the same in both places; what L1 has itself (/bin/sh,
 * /dev/null) is left alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"

static const char *string_next(const char *s)
{
	return s + strlen(s) + 1;
}

const char *job_cwd(const struct job *job)
{
	return job->strings;
}

static const char *job_term(const struct job *job)
{
	return string_next(job_cwd(job));
}

void job_args(struct job *job, char **args)
{
	const char *s = string_next(job_term(job));
	int i;

	for (i = 0; i < job->argc; i++, s = string_next(s))
		args[i] = (char *)s;
	args[i] = NULL;
}

static void make_parents(const char *name)
{
	char path[4096];
	char *p;

	if (strlen(name) >= sizeof(path))
		agent_die("%s: name too long", name);
	strcpy(path, name);
	for (p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		mkdir(path, 0755);
		*p = '/';
	}
}

/* The disk writes straight into the new file's pages */
static void copy_file(int disk, const struct job_file *f, const char *name)
{
	uint64_t done, len = (f->size + JOB_ALIGN - 1) & ~(JOB_ALIGN - 1ull);
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	char *map;
	ssize_t n;

	if (fd < 0 && errno == EEXIST)
		return;
	if (fd < 0 || ftruncate(fd, f->size))
		agent_die("%s in L1: %s", name, strerror(errno));
	map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (len && map == MAP_FAILED)
		agent_die("%s in L1: mmap: %s", name, strerror(errno));
	for (done = 0; done < len; done += n) {
		n = pread(disk, map + done, len - done, f->offset + done);
		if (n <= 0)
			agent_die("%s in L1 (needs %llu bytes of its memory, see --mem): %s",
				  name, (unsigned long long)f->size,
				  strerror(n ? errno : EIO));
	}
	if (len)
		munmap(map, len);
	fchmod(fd, f->mode & 07777);
	close(fd);
}

static void write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		agent_die("%s in L1: %s", name, strerror(errno));
	close(fd);
}

/* The driver is told to let go of the drive and to take it again, at its size */
static void attach_drive(const char *name)
{
	char link[256];
	ssize_t n = readlink("/sys/block/vdb/device", link, sizeof(link) - 1);
	const char *device;

	if (n < 0)
		agent_die("no drive in L1: %s", strerror(errno));
	link[n] = 0;
	device = strrchr(link, '/') + 1;
	write_file("/sys/bus/virtio/drivers/virtio_blk/unbind", device);
	write_file("/sys/bus/virtio/drivers/virtio_blk/bind", device);
	if (symlink("/dev/vdb", name))
		agent_die("%s in L1: %s", name, strerror(errno));
}

static void make_files(int disk, struct job *job)
{
	const char *name = string_next(job_term(job));
	uint32_t i;

	for (i = 0; i < job->argc; i++)
		name = string_next(name);
	for (i = 0; i < job->nr_files; i++, name = string_next(name)) {
		make_parents(name);
		if (S_ISDIR(job->file[i].mode))
			mkdir(name, job->file[i].mode & 07777);
		else if (S_ISBLK(job->file[i].mode))
			attach_drive(name);
		else
			copy_file(disk, &job->file[i], name);
	}
}

static void set_environment(const struct job *job)
{
	struct timespec now = { .tv_sec = job->time };

	if (job->time)
		clock_settime(CLOCK_REALTIME, &now);
	clearenv();
	setenv("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/root", 1);
	if (*job_term(job))
		setenv("TERM", job_term(job), 1);
}

static void set_seed(const struct job *job)
{
	struct {
		struct rand_pool_info info;
		uint8_t seed[sizeof(job->seed)];
	} pool = {
		.info.entropy_count = 8 * sizeof(job->seed),
		.info.buf_size = sizeof(job->seed),
	};
	int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC);

	memcpy(pool.seed, job->seed, sizeof(pool.seed));
	ioctl(fd, RNDADDENTROPY, &pool);
	ioctl(fd, RNDRESEEDCRNG);
	close(fd);
}

struct job *job_read(const char *name)
{
	int disk = open(name, O_RDONLY | O_DIRECT | O_CLOEXEC);
	struct job *job = aligned_alloc(JOB_ALIGN, JOB_SIZE);

	if (disk < 0 || !job || pread(disk, job, JOB_SIZE, 0) != JOB_SIZE)
		agent_die("%s in L1: %s", name, strerror(errno));
	if (memcmp(job->magic, JOB_MAGIC, sizeof(job->magic)))
		agent_die("%s in L1 holds no job", name);
	set_seed(job);
	set_environment(job);
	umask(022);
	make_parents(job_cwd(job));
	mkdir(job_cwd(job), 0755);
	make_files(disk, job);
	close(disk);
	return job;
}
