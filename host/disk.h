/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_DISK_H
#define HOST_DISK_H

#include <liburing.h>
#include <sys/uio.h>

#include "util.h"

#define DISK_DEPTH	128	/* operations under way at most */
#define SECTOR_LEN	512ULL

/* What the command line says of a disk; without a path there is none. */
struct disk_options {
	char name[8];		/* "ubda", for messages */
	const char *path;
	const char *backing;	/* path is a qcow2 image over it; or NULL */
	const char *id;
	bool read_only;
	bool sync;		/* O_SYNC */
	bool direct;		/* O_DIRECT for what is aligned */
	bool shared;		/* no lock */
	bool no_trim;
};

/*
 * One operation on a range of the image.  It belongs to disk.c from
 * disk_start() until done() is called, once; iov, one at least, changes.
 */
struct disk_io {
	u8 op;			/* IORING_OP_READV, WRITEV, FSYNC, FALLOCATE */
	int flags;		/* RWF_* of the first two, FALLOC_FL_* */
	bool zero;		/* FALLOCATE is more than advice */
	u64 offset;
	u64 left;
	struct iovec *iov;
	unsigned int nr_iov;
};

struct disk {
	struct disk_options opts;
	int fds[2];		/* with O_DIRECT, if it is wanted, and without */
	u64 len;
	u32 block_len;
	int done_fd;		/* an eventfd: time for disk_reap() */
	void (*done)(struct disk *disk, struct disk_io *io, int error);
	bool has_ring;
	struct io_uring ring;
	unsigned int in_flight;
	bool told_error;
};

/* What is wrong with the image is one line and the end. */
void disk_open(struct disk *disk, const struct disk_options *opts);

/* Where the host has no io_uring, all happens in disk_start(). */
void disk_start(struct disk *disk, struct disk_io *io);
/* Hands all that was started to the host, in one system call. */
void disk_submit(struct disk *disk);
/* Calls done() for what has ended, and goes on with what has not. */
void disk_reap(struct disk *disk);
/* The same until nothing is under way. */
void disk_drain(struct disk *disk);

/* Moves past the first @len bytes. */
void iov_skip(struct iovec **iov, unsigned int *nr, u64 len);

#endif /* HOST_DISK_H */
