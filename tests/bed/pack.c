// SPDX-License-Identifier: GPL-2.0
/*
 * Packs a job (job.h): the command line, and the files that it names, for the
 * agent in L1 to unpack under the same names.  What lies in /dev, /proc and
 * /sys belongs to each machine and is never shipped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "relay.h"

#define INPUT_MAX	(64u << 20)

struct pack {
	struct job *job;
	int fd;
	uint64_t offset;	/* of the next file's contents */
	char *name[JOB_FILES_MAX];
};

static void add_string(struct pack *p, const char *s)
{
	size_t len = strlen(s) + 1;

	if (sizeof(*p->job) + p->job->strings_len + len > JOB_SIZE)
		bed_die("command line too long");
	memcpy(p->job->strings + p->job->strings_len, s, len);
	p->job->strings_len += len;
}

static void copy_contents(struct pack *p, const char *name, uint64_t size)
{
	int in = open(name, O_RDONLY | O_CLOEXEC);
	off_t from = 0, to = p->offset;
	char tmp[65536];
	ssize_t n = 1;

	if (in < 0)
		bed_die("%s: %s", name, strerror(errno));
	while ((uint64_t)from < size) {
		n = pread(in, tmp, sizeof(tmp), from);
		if (n <= 0 || pwrite(p->fd, tmp, n, to) != n)
			bed_die("%s: cannot copy: %s", name,
				n ? strerror(errno) : "it shrinks");
		from += n;
		to += n;
	}
	close(in);
}

/* @name must be absolute; a second mention of a file adds nothing */
static void add_file(struct pack *p, const char *name, const struct stat *st)
{
	struct job_file *f = &p->job->file[p->job->nr_files];
	uint32_t i;

	for (i = 0; i < p->job->nr_files; i++)
		if (!strcmp(p->name[i], name))
			return;
	if (p->job->nr_files == JOB_FILES_MAX)
		bed_die("more than %d files", JOB_FILES_MAX);
	p->name[p->job->nr_files++] = strdup(name);
	f->mode = st->st_mode;
	if (!S_ISREG(st->st_mode))
		return;
	f->offset = p->offset;
	f->size = st->st_size;
	if (p->offset + f->size > JOB_DISK)
		bed_die("%s: does not fit the test bed's disk", name);
	copy_contents(p, name, f->size);
	p->offset += (f->size + JOB_ALIGN - 1) & ~(JOB_ALIGN - 1ull);
}

/*
 * The Intel bed's way in is too narrow for standard input, which is read to
 * its end before the start instead.
 */
static void add_input(struct pack *p)
{
	struct job_file *f = &p->job->file[p->job->nr_files];
	char tmp[65536];
	ssize_t n;

	p->name[p->job->nr_files++] = JOB_INPUT;
	f->mode = S_IFREG | 0400;
	f->offset = p->offset;
	while ((n = read(0, tmp, sizeof(tmp))) > 0) {
		if (f->size > INPUT_MAX)
			bed_die("standard input exceeds %u MiB", INPUT_MAX >> 20);
		if (pwrite(p->fd, tmp, n, f->offset + f->size) != n)
			bed_die("job: %s", strerror(errno));
		f->size += n;
	}
	if (n < 0)
		bed_die("standard input: %s", strerror(errno));
	p->offset += (f->size + JOB_ALIGN - 1) & ~(JOB_ALIGN - 1ull);
	p->job->fds.file |= 1;
}

static bool of_the_machine(const char *name)
{
	return !strncmp(name, "/dev/", 5) || !strncmp(name, "/proc/", 6) ||
	       !strncmp(name, "/sys/", 5);
}

/* The first of the strings is the working directory */
static void absolute_name(const struct pack *p, char *name, size_t size,
			  const char *word)
{
	if (*word == '/')
		snprintf(name, size, "%s", word);
	else
		snprintf(name, size, "%s/%s", p->job->strings, word);
}

/* Returns false if @word names no file that can be shipped */
static bool try_file(struct pack *p, const char *word)
{
	char name[PATH_MAX];
	struct stat st;

	if (stat(word, &st) || of_the_machine(word) ||
	    !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return false;
	absolute_name(p, name, sizeof(name), word);
	add_file(p, name, &st);
	return true;
}

static void add_drive(struct pack *p, const char *word)
{
	struct stat st = { .st_mode = S_IFBLK };
	char name[PATH_MAX];

	absolute_name(p, name, sizeof(name), word);
	add_file(p, name, &st);
}

static void try_list(struct pack *p, const char *list)
{
	char *copy = strdup(list), *save = NULL, *word;

	for (word = strtok_r(copy, ",", &save); word;
	     word = strtok_r(NULL, ",", &save))
		if (strlen(word) < PATH_MAX / 2)
			try_file(p, word);
	free(copy);
}

static void add_argument(struct pack *p, const char *arg)
{
	const char *value = strchr(arg, '=');

	if (strlen(arg) >= PATH_MAX / 2 || try_file(p, arg))
		return;
	if (value)
		try_list(p, value + 1);
}

void pack_job(int fd, const struct options *opt, const struct job_env *env)
{
	struct pack p = { .fd = fd, .offset = JOB_SIZE };
	char cwd[PATH_MAX / 2];
	const char *term = getenv("TERM");
	uint32_t i;
	int a;

	p.job = calloc(1, JOB_SIZE);
	if (!p.job || !getcwd(cwd, sizeof(cwd)))
		bed_die("working directory: %s", strerror(errno));
	if (opt->argc > JOB_ARGS_MAX)
		bed_die("more than %d arguments", JOB_ARGS_MAX);
	memcpy(p.job->magic, JOB_MAGIC, sizeof(JOB_MAGIC));
	p.job->fds = env->fds;
	p.job->rows = env->rows;
	p.job->columns = env->columns;
	p.job->argc = opt->argc;
	p.job->one_way = opt->intel;
	if (opt->intel && !((env->fds.tty | env->fds.closed) & 1))
		add_input(&p);
	if (!opt->icount) {	/* runs under --icount repeat */
		p.job->time = time(NULL);
		if (getrandom(p.job->seed, sizeof(p.job->seed), 0) < 0)
			bed_die("getrandom: %s", strerror(errno));
	}
	add_string(&p, cwd);
	add_string(&p, term ? term : "");
	for (a = 0; a < opt->argc; a++)
		add_string(&p, opt->argv[a]);
	/* First, for then it is not copied as an argument or file */
	if (opt->drive)
		add_drive(&p, opt->drive);
	for (a = 0; a < opt->argc; a++)
		add_argument(&p, opt->argv[a]);
	for (a = 0; a < opt->nr_files; a++)
		if (!try_file(&p, opt->file[a]))
			bed_die("--file %s: not a file", opt->file[a]);
	for (i = 0; i < p.job->nr_files; i++)
		add_string(&p, p.name[i]);
	if (pwrite(fd, p.job, JOB_SIZE, 0) != JOB_SIZE)
		bed_die("job: %s", strerror(errno));
	free(p.job);
}
