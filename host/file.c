// SPDX-License-Identifier: GPL-2.0
/*
 * Input files: opened once before the sandbox is entered, read by position.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"
#include "file.h"

void file_open(struct file *file, const char *what, const char *path)
{
	struct stat st;

	file->path = path;
	/* O_NONBLOCK: a FIFO is refused below, not waited for. */
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd < 0)
		die_errno("cannot open %s: %s", what, path);
	if (fstat(file->fd, &st))
		die_errno("cannot read %s: %s", what, path);
	if (!S_ISREG(st.st_mode))
		die("cannot read %s: %s: not a regular file", what, path);
	if (!st.st_size)
		die("cannot read %s: %s: the file is empty", what, path);
	file->len = st.st_size;
}

void file_read(const struct file *file, u64 offset, void *to, u64 len)
{
	u8 *next = to;

	while (len) {
		ssize_t got = pread(file->fd, next, len, offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			die_errno("cannot read %s", file->path);
		if (!got)
			die("cannot read %s: it became shorter meanwhile",
			    file->path);
		next += got;
		offset += got;
		len -= got;
	}
}
