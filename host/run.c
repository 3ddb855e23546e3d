// SPDX-License-Identifier: GPL-2.0
/*
 * The initramfs of "linux run": the archive that is built in, with the program
 * of rootfs/run-init.c, and behind it one file that says what the caller is and
 * wants, which is too long for a command line of the kernel.  It is a file in
 * memory, and its name takes the place of an initrd= of the user.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "die.h"
#include "loader.h"
#include "options.h"
#include "run.h"

#define INIT_SECTION	".umkvm.run"

/* The newc format of cpio, Documentation/driver-api/early-userspace. */
static void add_entry(FILE *to, const char *name, const void *data, size_t len)
{
	static const char zeros[3];

	fprintf(to, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x%s%c",
		0, S_IFREG | 0600, 0, 0, 1, 0, len, 0, 0, 0, 0,
		strlen(name) + 1, 0, name, '\0');
	fwrite(zeros, 1, -ftell(to) & 3, to);
	fwrite(data, 1, len, to);
	fwrite(zeros, 1, -ftell(to) & 3, to);
}

static u32 count(char **strings)
{
	u32 nr = 0;

	while (strings[nr])
		nr++;
	return nr;
}

static void add_string(FILE *to, const char *string)
{
	fwrite(string, 1, strlen(string) + 1, to);
}

static void add_strings(FILE *to, char **strings)
{
	for (; *strings; strings++)
		add_string(to, *strings);
}

static u32 flags_of(const struct options *opts)
{
	u32 flags = opts->run_rw ? RUN_RW : 0;

	if (run_has_terminal())
		flags |= RUN_TERMINAL | (isatty(STDERR_FILENO) ? 0 : RUN_STDERR);
	/* Without root, virtiofsd is in a user namespace: see virtio_fs.c. */
	return geteuid() ? flags | RUN_MAPPED : flags;
}

/* Nobody but this program changes them, so both calls see the same. */
static gid_t *own_groups(u32 *nr)
{
	const int max = getgroups(0, NULL);
	gid_t *groups = calloc(max + 1, sizeof(*groups));

	if (!groups || getgroups(max, groups) != max)
		die_errno("run: the caller's groups");
	*nr = max;
	return groups;
}

static void write_info(const struct options *opts, FILE *to)
{
	const char *cwd = opts->run_root ? "/" : getcwd(NULL, 0);
	u32 nr_groups;
	gid_t *groups = own_groups(&nr_groups);
	struct run_info info = {
		.flags = flags_of(opts),
		.uid = geteuid(),
		.gid = getegid(),
		.umask = umask(0),
		.nr_groups = nr_groups,
		.nr_args = count(opts->command),
		.nr_env = count(environ),
	};

	umask(info.umask);
	if (!cwd)
		die_errno("run: the working directory");
	console_size(&info.cols, &info.rows);
	fwrite(&info, sizeof(info), 1, to);
	fwrite(groups, sizeof(*groups), nr_groups, to);
	free(groups);
	add_string(to, cwd);
	add_strings(to, opts->command);
	add_strings(to, environ);
}

static void copy_init(const struct kernel_image *init, FILE *to)
{
	void *data = malloc(init->len);

	if (!data)
		die_errno("run: no memory");
	file_read(&init->file, init->offset, data, init->len);
	fwrite(data, 1, init->len, to);
	free(data);
}

/* The kernel joins archives: the one that is built in, then the command's. */
static void write_archive(const struct options *opts, FILE *to)
{
	struct kernel_image init;
	size_t len;
	char *data;
	FILE *info = open_memstream(&data, &len);

	if (!info)
		die_errno("run: no memory");
	write_info(opts, info);
	fclose(info);
	if (!loader_find(&init, INIT_SECTION))
		die("run: not built into this program; make builds one that has it");
	copy_init(&init, to);
	close(init.file.fd);
	add_entry(to, RUN_INFO, data, len);
	free(data);
}

void run_prepare(struct options *opts)
{
	const int fd = memfd_create("run", MFD_CLOEXEC);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
	const char *before = opts->initrd;

	if (!to)
		die_errno("run: no memory");
	if (!run_has_terminal())
		console_leave_mode();
	write_archive(opts, to);
	add_entry(to, "TRAILER!!!", "", 0);
	/* It stays open: the name is good as long as the descriptor. */
	if (fflush(to) || asprintf(&opts->initrd, "%s%s/proc/self/fd/%d",
				   before ? before : "", before ? "," : "", fd) < 0)
		die_errno("run: no memory");
}
