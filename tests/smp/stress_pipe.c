// SPDX-License-Identifier: GPL-2.0
/*
 * pipe: even threads write a stream of bytes into a pipe or a socket, in
 * pieces of any size, odd threads read it in other pieces.  Byte n of the
 * stream follows from n, so each one is checked.
 */
#include <sys/socket.h>
#include "stress.h"

#define PIECE	20000U

static int fds[MAX_THREADS / 2][2];	/* read here, write there */
static unsigned long written[MAX_THREADS / 2];

static void pipe_setup(unsigned int threads)
{
	unsigned int i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < threads / 2; i++)
		check(!(i & 1 ? socketpair(AF_UNIX, SOCK_STREAM, 0, fds[i]) :
			pipe(fds[i])));
}

static unsigned char byte_at(unsigned long n)
{
	return n * 0x9e3779b97f4a7c15 >> 56;
}

static void write_all(int fd, const unsigned char *p, unsigned long len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		check(n > 0);
		p += n;
		len -= n;
	}
}

static void writer(struct worker *me)
{
	unsigned long i, len, at = 0;
	unsigned char piece[PIECE];

	while (!stopping()) {
		len = 1 + rnd(me, PIECE);
		for (i = 0; i < len; i++)
			piece[i] = byte_at(at + i);
		write_all(fds[me->nr / 2][1], piece, len);
		at += len;
		count_one(me);
	}
	store(&written[me->nr / 2], at);
	check(!close(fds[me->nr / 2][1]));
}

static void reader(struct worker *me)
{
	unsigned long at = 0;
	unsigned char piece[PIECE];
	ssize_t n, i;

	while ((n = read(fds[me->nr / 2][0], piece, 1 + rnd(me, PIECE))) > 0) {
		for (i = 0; i < n; i++)
			check_eq(piece[i], byte_at(at + i));
		at += n;
		count_one(me);
	}
	check_eq(n, 0);
	check_eq(at, load(&written[me->nr / 2]));
}

static void pipe_thread(struct worker *me)
{
	if (me->nr & 1)
		reader(me);
	else
		writer(me);
}

const struct family pipe_family = { "pipe", pipe_setup, pipe_thread, true };
