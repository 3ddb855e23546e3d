// SPDX-License-Identifier: GPL-2.0
/*
 * Linked between the shim and the C library (ld --wrap): the call whose number
 * is in $FAULT fails, whichever it is, and says so on standard error.  The
 * shim is static, so nothing could be preloaded.  It allocates no memory by
 * itself, so malloc() is not among them.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int calls;

static bool fails(const char *name)
{
	const char *number = getenv("FAULT");
	char line[64];

	if (!number || ++calls != atoi(number))
		return false;
	snprintf(line, sizeof(line), "fault: %s\n", name);
	if (write(STDERR_FILENO, line, strlen(line)) < 0)
		abort();
	errno = EIO;
	return true;
}

/* A function with up to six arguments of one word each, as system calls have. */
#define WRAP(type, name, failed)					\
type __real_##name(long a, long b, long c, long d, long e, long f);	\
type __wrap_##name(long a, long b, long c, long d, long e, long f);	\
type __wrap_##name(long a, long b, long c, long d, long e, long f)	\
{									\
	return fails(#name) ? (failed) :				\
	       __real_##name(a, b, c, d, e, f);				\
}

WRAP(int, open, -1)
WRAP(int, fstat, -1)
WRAP(ssize_t, pread, -1)
WRAP(int, memfd_create, -1)
WRAP(int, ftruncate, -1)
WRAP(void *, mmap, (void *)-1)
WRAP(int, madvise, -1)
WRAP(int, eventfd, -1)
WRAP(int, signalfd, -1)
WRAP(ssize_t, getrandom, -1)
WRAP(int, mkdir, -1)
WRAP(int, pthread_create, EAGAIN)
WRAP(int, ioctl, -1)
