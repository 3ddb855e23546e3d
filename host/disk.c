// SPDX-License-Identifier: GPL-2.0
/*
 * Image files and block devices.  They are opened, checked and locked before
 * the sandbox closes.  Operations go through io_uring, many at a time, or,
 * where the host refuses that, as many containers do, one after the other.
 * What the host did only in part is continued here.
 *
 * The sandbox cannot look into a ring, so each ring has a list of its own: it
 * takes these few operations, on its image, and nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"
#include "disk.h"

/* Enough for O_DIRECT on each medium, whatever it asks for. */
#define DIRECT_ALIGN	4096

enum { DIRECT, CACHED };	/* in fds[] */

static _Alignas(DIRECT_ALIGN) u8 zeros[KIB(64)];	/* never written */

static const char *remedy(const struct disk_options *opts, int why)
{
	if (why == ENOENT)
		return "; make one with truncate -s 1G FILE";
	if (why == EISDIR)
		return "; name an image file or a block device";
	if ((why == EACCES || why == EPERM || why == EROFS) && !opts->read_only)
		return "; ubd0r=FILE only reads it";
	return why == EINVAL && opts->direct ?
	       "; its file system has no O_DIRECT" : "";
}

static _Noreturn void refuse(const struct disk_options *opts, int why)
{
	die("cannot open disk %s: %s: %s%s", opts->name, opts->path,
	    strerror(why), remedy(opts, why));
}

static int open_image(const struct disk_options *opts, int flags)
{
	int fd;

	flags |= O_CLOEXEC | (opts->read_only ? O_RDONLY : O_RDWR) |
		 (opts->sync ? O_SYNC : 0);
	/* O_NONBLOCK, because a FIFO is refused and not waited for. */
	fd = open(opts->path, flags | O_NONBLOCK);
	if (fd < 0 || fcntl(fd, F_SETFL, flags))
		refuse(opts, errno);
	return fd;
}

static void measure(struct disk *disk, int fd)
{
	const struct disk_options *opts = &disk->opts;
	struct stat st;

	if (fstat(fd, &st))
		refuse(opts, errno);
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		die("cannot open disk %s: %s: not a file%s", opts->name,
		    opts->path, remedy(opts, EISDIR));
	if (!S_ISBLK(st.st_mode) || ioctl(fd, BLKSSZGET, &disk->block_len))
		disk->block_len = SECTOR_LEN;
	disk->len = lseek(fd, 0, SEEK_END);
	if (!disk->len || disk->len % SECTOR_LEN)
		die("cannot open disk %s: %s: %llu bytes; a raw image has a multiple of 512, see truncate(1)",
		    opts->name, opts->path, disk->len);
}

/* QEMU's guests respect this too.  What has no locks can only be trusted. */
static void lock(const struct disk_options *opts, int fd)
{
	struct flock whole = {
		.l_type = opts->read_only ? F_RDLCK : F_WRLCK,
		.l_whence = SEEK_SET,
	};

	if (fcntl(fd, F_OFD_SETLK, &whole) &&
	    (errno == EAGAIN || errno == EACCES))
		die("cannot open disk %s: %s: somebody else uses it; take a copy, or have all only read it (ubd0r=FILE)",
		    opts->name, opts->path);
}

static void init_ring(struct disk *disk)
{
	struct io_uring_restriction rules[] = {
		{ .opcode = IORING_RESTRICTION_SQE_OP, .sqe_op = IORING_OP_READV },
		{ .opcode = IORING_RESTRICTION_SQE_OP, .sqe_op = IORING_OP_WRITEV },
		{ .opcode = IORING_RESTRICTION_SQE_OP, .sqe_op = IORING_OP_FSYNC },
		{ .opcode = IORING_RESTRICTION_SQE_OP, .sqe_op = IORING_OP_FALLOCATE },
		{ .opcode = IORING_RESTRICTION_SQE_FLAGS_REQUIRED,
		  .sqe_flags = IOSQE_FIXED_FILE },
	};
	struct io_uring *ring = &disk->ring;
	int ret;

	ret = io_uring_queue_init(DISK_DEPTH, ring, IORING_SETUP_R_DISABLED);
	if (ret) {
		warn("disk %s: no io_uring on this host (%s): one request at a time",
		     disk->opts.name, strerror(-ret));
		return;
	}
	if (io_uring_register_files(ring, disk->fds, ARRAY_SIZE(disk->fds)) ||
	    io_uring_register_eventfd(ring, disk->done_fd) ||
	    io_uring_register_restrictions(ring, rules, ARRAY_SIZE(rules)) ||
	    io_uring_enable_rings(ring))
		die("disk %s: cannot set io_uring up", disk->opts.name);
	disk->has_ring = true;
}

void disk_open(struct disk *disk, const struct disk_options *opts)
{
	int fd = open_image(opts, 0);

	disk->opts = *opts;
	measure(disk, fd);
	if (!opts->shared)
		lock(opts, fd);
	disk->fds[CACHED] = fd;
	disk->fds[DIRECT] = opts->direct ? open_image(opts, O_DIRECT) : fd;
	init_ring(disk);
}

void iov_skip(struct iovec **iov, unsigned int *nr, u64 len)
{
	while (*nr && len >= (*iov)->iov_len) {
		len -= (*iov)->iov_len;
		(*iov)++;
		(*nr)--;
	}
	if (*nr) {
		(*iov)->iov_base = (u8 *)(*iov)->iov_base + len;
		(*iov)->iov_len -= len;
	}
}

static bool moves_data(const struct disk_io *io)
{
	return io->op == IORING_OP_READV || io->op == IORING_OP_WRITEV;
}

static int choose(const struct disk *disk, const struct disk_io *io)
{
	u64 bits = io->offset;
	unsigned int i;

	if (!disk->opts.direct || !moves_data(io))
		return CACHED;
	for (i = 0; i < io->nr_iov; i++)
		bits |= (u64)io->iov[i].iov_base | io->iov[i].iov_len;
	return bits % DIRECT_ALIGN ? CACHED : DIRECT;
}

/* There is room: as many entries as operations can be under way. */
static void prepare(struct disk *disk, struct disk_io *io)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&disk->ring);
	int fd = choose(disk, io);

	if (moves_data(io)) {
		io_uring_prep_rw(io->op, sqe, fd, io->iov, io->nr_iov,
				 io->offset);
		sqe->rw_flags = io->flags;
	} else if (io->op == IORING_OP_FALLOCATE) {
		io_uring_prep_fallocate(sqe, fd, io->flags, io->offset,
					io->left);
	} else {
		io_uring_prep_fsync(sqe, fd, IORING_FSYNC_DATASYNC);
	}
	io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE);
	io_uring_sqe_set_data(sqe, io);
}

static ssize_t perform(const struct disk *disk, const struct disk_io *io)
{
	int fd = disk->fds[choose(disk, io)];
	ssize_t ret;

	if (io->op == IORING_OP_READV)
		ret = preadv2(fd, io->iov, io->nr_iov, io->offset, io->flags);
	else if (io->op == IORING_OP_WRITEV)
		ret = pwritev2(fd, io->iov, io->nr_iov, io->offset, io->flags);
	else if (io->op == IORING_OP_FALLOCATE)
		ret = fallocate(fd, io->flags, io->offset, io->left);
	else
		ret = fdatasync(fd);
	return ret < 0 ? -errno : ret;
}

static int write_zeros(struct disk_io *io)
{
	io->op = IORING_OP_WRITEV;
	io->flags = 0;
	io->iov->iov_base = zeros;
	io->iov->iov_len = min_u64(io->left, sizeof(zeros));
	io->nr_iov = 1;
	return -EAGAIN;
}

/* Moves on by what the host did.  0: all is done; -EAGAIN: go on. */
static int advance(struct disk_io *io, u64 did)
{
	if (!moves_data(io) || did == io->left)
		return 0;
	if (!did)
		return -ENODATA;
	io->offset += did;
	io->left -= did;
	if (io->iov->iov_base == zeros)
		return write_zeros(io);
	iov_skip(&io->iov, &io->nr_iov, did);
	return -EAGAIN;
}

/* False: the operation has to be given to the host once more. */
static bool settle(struct disk *disk, struct disk_io *io, ssize_t result)
{
	int error = result < 0 ? result : advance(io, result);

	if (error == -EOPNOTSUPP && io->op == IORING_OP_FALLOCATE)
		error = io->zero ? write_zeros(io) : 0;
	if (error == -EAGAIN || error == -EINTR)
		return false;
	if (error && !disk->told_error)
		warn("disk %s: %s: at byte %llu: %s; the guest gets an I/O error; this is said once",
		     disk->opts.name, disk->opts.path, io->offset,
		     error == -ENODATA ? "the image has become shorter" :
					 strerror(-error));
	disk->told_error |= error;
	disk->in_flight--;
	disk->done(disk, io, error);
	return true;
}

void disk_start(struct disk *disk, struct disk_io *io)
{
	disk->in_flight++;
	if (disk->has_ring) {
		prepare(disk, io);
		return;
	}
	while (!settle(disk, io, perform(disk, io)))
		;
}

/* EAGAIN: short of memory, for a moment. */
static void check(int ret)
{
	if (ret < 0 && ret != -EINTR && ret != -EAGAIN)
		die("io_uring: %s", strerror(-ret));
}

void disk_submit(struct disk *disk)
{
	while (disk->has_ring && io_uring_sq_ready(&disk->ring))
		check(io_uring_submit(&disk->ring));
}

void disk_reap(struct disk *disk)
{
	struct io_uring_cqe *cqe;

	while (disk->has_ring && !io_uring_peek_cqe(&disk->ring, &cqe)) {
		struct disk_io *io = io_uring_cqe_get_data(cqe);
		int result = cqe->res;

		io_uring_cqe_seen(&disk->ring, cqe);
		if (!settle(disk, io, result))
			prepare(disk, io);
	}
}

void disk_drain(struct disk *disk)
{
	struct io_uring_cqe *cqe;

	while (disk->in_flight) {
		disk_submit(disk);
		check(io_uring_wait_cqe(&disk->ring, &cqe));
		disk_reap(disk);
	}
}
