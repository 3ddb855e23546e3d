/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_FILE_H
#define HOST_FILE_H

#include "util.h"

/* A regular file that stays open, so that a restart finds what was checked. */
struct file {
	const char *path;
	int fd;
	u64 len;
};

/* @what names the option in messages: "kernel", "initrd". */
void file_open(struct file *file, const char *what, const char *path);

/* All of [offset, offset + len), or one line and the end. */
void file_read(const struct file *file, u64 offset, void *to, u64 len);

#endif /* HOST_FILE_H */
