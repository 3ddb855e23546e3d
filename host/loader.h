/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LOADER_H
#define HOST_LOADER_H

#include "file.h"
#include "mem.h"

#define LOADER_SEGMENTS	16

/* One PT_LOAD: file_len bytes at offset go to gpa, mem_len are used there. */
struct segment {
	u64 offset;
	u64 file_len;
	u64 gpa;
	u64 mem_len;
};

/*
 * A kernel that was checked: its bytes are [offset, offset + len) of the
 * file, and no segment reaches outside of them or past end_gpa.
 */
struct kernel_image {
	struct file file;
	u64 offset;
	u64 len;
	u64 entry;
	u64 end_gpa;
	unsigned int nr_segments;
	struct segment segments[LOADER_SEGMENTS];
};

/*
 * Offset and length of a section of this very program, whose name is no longer
 * than that of the kernel's; false: it has none.
 */
bool loader_find(struct kernel_image *self, const char *name);

/* @path NULL is the kernel inside this very program. */
void loader_open(struct kernel_image *kernel, const char *path);

/* Checks what file, offset and len describe; fills in the rest. */
void loader_check(struct kernel_image *kernel);

/* RAM must be fresh: what no segment fills has to be zero already. */
void loader_load(const struct kernel_image *kernel, struct guest_ram *ram);

#endif /* HOST_LOADER_H */
