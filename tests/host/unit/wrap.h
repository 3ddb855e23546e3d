/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a test of disks puts before functions of libraries, with the linker's
 * --wrap, and the functions themselves.
 */
#ifndef TESTS_HOST_WRAP_H
#define TESTS_HOST_WRAP_H

#include <liburing.h>
#include <sys/uio.h>

int __real_io_uring_queue_init(unsigned int entries, struct io_uring *ring,
			       unsigned int flags);
int __wrap_io_uring_queue_init(unsigned int entries, struct io_uring *ring,
			       unsigned int flags);
int __real_io_uring_submit(struct io_uring *ring);
int __wrap_io_uring_submit(struct io_uring *ring);
ssize_t __real_preadv2(int fd, const struct iovec *iov, int nr, off_t offset,
		       int flags);
ssize_t __wrap_preadv2(int fd, const struct iovec *iov, int nr, off_t offset,
		       int flags);

#endif /* TESTS_HOST_WRAP_H */
