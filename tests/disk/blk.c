// SPDX-License-Identifier: GPL-2.0
/*
 * Uses a disk; in the guest, or on the host with the image of one.
 *
 *   blk check DEV	reads, writes, flushes, discards and zeroes, all compared;
 *			leaves a pattern all over DEV
 *   blk pattern FILE	is that pattern in FILE?
 *   blk randread DEV N	N reads of 4 KiB at random places, 32 at a time
 *   blk seqread DEV LEN	reads all of DEV, LEN bytes a time, past the page cache
 *   blk load DIR N	writes records N, N+1, ... to a file, each one synced, and
 *			says so of each
 *   blk verify DIR N	are the records before N there?
 *
 * It says what is wrong and ends with 1, or ends with 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define KB	1024UL
#define CHUNK	(256 * KB)
#define DEPTH	32
#define RECORD	3000	/* no divisor of a block */
#define SLOTS	2000

static char *buffer, *expected;

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "blk: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Each 8 bytes say where they are, and which round wrote them */
static void fill(char *to, uint64_t offset, size_t len, uint64_t round)
{
	uint64_t *word = (uint64_t *)to;
	size_t i;

	for (i = 0; i < len / 8; i++)
		word[i] = (offset + i * 8) * 0x9e3779b97f4a7c15ULL + round;
}

static void write_pattern(int fd, uint64_t offset, size_t len, uint64_t round)
{
	fill(buffer, offset, len, round);
	must(pwrite(fd, buffer, len, offset) == (ssize_t)len, "write");
}

static void compare(int fd, uint64_t offset, size_t len)
{
	memset(buffer, 0x55, len);
	must(pread(fd, buffer, len, offset) == (ssize_t)len, "read");
	errno = EBADMSG;
	must(!memcmp(buffer, expected, len), "compare");
}

static void expect_pattern(int fd, uint64_t offset, size_t len, uint64_t round)
{
	fill(expected, offset, len, round);
	compare(fd, offset, len);
}

static void expect_zeros(int fd, uint64_t offset, size_t len)
{
	memset(expected, 0, len);
	compare(fd, offset, len);
}

static void pattern_all(int fd, uint64_t size)
{
	uint64_t at;

	for (at = 0; at < size; at += CHUNK)
		write_pattern(fd, at, size - at < CHUNK ? size - at : CHUNK, 9);
	must(!fsync(fd), "fsync");
}

static int find_pattern(const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	int64_t at;

	must(fd >= 0 && !fstat(fd, &st), path);
	for (at = 0; at < st.st_size; at += CHUNK)
		expect_pattern(fd, at, st.st_size - at < (long)CHUNK ?
			       st.st_size - at : (long)CHUNK, 9);
	return 0;
}

static void check_sizes(int fd)
{
	static const struct { uint64_t offset; size_t len; } pieces[] = {
		{ 0, 512 }, { 512, 512 }, { 4096, 4096 }, { 3 * 512, 7 * 512 },
		{ 64 * KB, 64 * KB }, { 200 * KB + 512, CHUNK - 512 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		write_pattern(fd, pieces[i].offset, pieces[i].len, i);
		expect_pattern(fd, pieces[i].offset, pieces[i].len, i);
	}
}

/* A zeroed range in the middle of a pattern; request is BLKZEROOUT, ... */
static void check_range(int fd, const char *what, int mode, unsigned long request)
{
	uint64_t range[2] = { 512 * KB + 4096, 64 * KB };
	int ret;

	write_pattern(fd, 512 * KB, CHUNK, 7);
	ret = request ? ioctl(fd, request, range) :
			fallocate(fd, mode, range[0], range[1]);
	must(!ret, what);
	expect_pattern(fd, 512 * KB, 4096, 7);
	if (request != BLKDISCARD)
		expect_zeros(fd, range[0], range[1]);
	expect_pattern(fd, range[0] + range[1], 64 * KB, 7);
}

static int check(const char *path)
{
	int direct = open(path, O_RDWR | O_DIRECT);
	int cached = open(path, O_RDWR);
	uint64_t size;

	must(direct >= 0 && cached >= 0, path);
	must(!ioctl(direct, BLKGETSIZE64, &size), "BLKGETSIZE64");
	check_sizes(direct);
	check_sizes(cached);
	must(!fsync(cached), "fsync");
	expect_pattern(direct, 64 * KB, 64 * KB, 4);
	check_range(direct, "BLKDISCARD", 0, BLKDISCARD);
	check_range(direct, "BLKZEROOUT", 0, BLKZEROOUT);
	check_range(direct, "zeroes that unmap",
		    FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0);
	must(pread(direct, buffer, 4096, size) == 0, "read at the end");
	must(pwrite(direct, buffer, 4096, size) < 0 && errno == ENOSPC,
	     "write at the end");
	must(pread(direct, buffer, 4096, size - 512) == 512, "the last sector");
	pattern_all(direct, size);
	printf("%llu bytes, all well\n", (unsigned long long)size);
	return 0;
}

static uint64_t random_block(uint64_t blocks)
{
	static uint64_t state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % blocks;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* The second round, for there is nothing to set up in it any more */
static int seqread(const char *path, size_t len)
{
	char *to = aligned_alloc(4096, len);
	int fd = open(path, O_RDONLY | O_DIRECT), round;
	double start = 0;
	uint64_t size, at;

	must(fd >= 0 && to && !ioctl(fd, BLKGETSIZE64, &size), path);
	memset(to, 0x55, len);
	for (round = 0; round < 2; round++) {
		start = seconds();
		for (at = 0; at + len <= size; at += len)
			must(pread(fd, to, len, at) == (ssize_t)len, "read");
	}
	printf("%lu bytes a time: %.1f MB/s\n", len,
	       at / 1e6 / (seconds() - start));
	return 0;
}

static int randread(const char *path, unsigned long n)
{
	int fd = open(path, O_RDONLY | O_DIRECT);
	struct iocb iocbs[DEPTH], *ready[DEPTH];
	struct io_event events[DEPTH];
	unsigned long started = 0, ended = 0;
	aio_context_t aio = 0;
	uint64_t size;
	long i, got = DEPTH;
	double start;

	must(fd >= 0 && !ioctl(fd, BLKGETSIZE64, &size), path);
	must(!syscall(SYS_io_setup, DEPTH, &aio), "io_setup");
	start = seconds();
	memset(iocbs, 0, sizeof(iocbs));
	for (i = 0; i < DEPTH; i++) {
		iocbs[i].aio_lio_opcode = IOCB_CMD_PREAD;
		iocbs[i].aio_fildes = fd;
		iocbs[i].aio_buf = (uint64_t)(buffer + i * 4096);
		iocbs[i].aio_nbytes = 4096;
		ready[i] = &iocbs[i];
	}
	while (ended < n) {
		long nr = 0;

		for (i = 0; i < got && started < n; i++, started++)
			ready[nr++]->aio_offset = random_block(size / 4096) * 4096;
		must(syscall(SYS_io_submit, aio, nr, ready) == nr, "io_submit");
		got = syscall(SYS_io_getevents, aio, 1, DEPTH, events, NULL);
		must(got > 0, "io_getevents");
		for (i = 0; i < got; i++, ended++) {
			errno = -events[i].res;
			must(events[i].res == 4096, "read");
			ready[i] = (struct iocb *)events[i].obj;
		}
	}
	printf("%lu reads, %.0f a second\n", ended, ended / (seconds() - start));
	return 0;
}

static void fill_record(unsigned long number)
{
	fill(expected, number, RECORD, number);
}

/* The file does not grow for ever: a record takes the place of an old one */
static off_t place(unsigned long number)
{
	return number % SLOTS * RECORD;
}

static int open_records(const char *dir, int flags)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/records", dir);
	fd = open(path, flags, 0600);
	must(fd >= 0, path);
	return fd;
}

static _Noreturn void load(const char *dir, unsigned long number)
{
	int fd = open_records(dir, O_RDWR | O_CREAT);

	for (;; number++) {
		fill_record(number);
		must(pwrite(fd, expected, RECORD, place(number)) == RECORD,
		     "write");
		must(!fsync(fd), "fsync");
		printf("synced %lu\n", number);
		fflush(stdout);
	}
}

static int verify(const char *dir, unsigned long n)
{
	int fd = open_records(dir, O_RDONLY);
	unsigned long i;

	/* The one after them may have been written without a word about it */
	for (i = n < SLOTS ? 0 : n - SLOTS + 1; i < n; i++) {
		fill_record(i);
		compare(fd, place(i), RECORD);
	}
	printf("%lu records\n", n);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	unsigned long n = argc > 3 ? strtoul(argv[3], NULL, 0) : 0;

	buffer = aligned_alloc(4096, CHUNK);
	expected = aligned_alloc(4096, CHUNK);
	must(buffer && expected, "memory");
	if (!strcmp(what, "check"))
		return check(argv[2]);
	if (!strcmp(what, "pattern"))
		return find_pattern(argv[2]);
	if (!strcmp(what, "randread"))
		return randread(argv[2], n);
	if (!strcmp(what, "seqread") && n)
		return seqread(argv[2], n);
	if (!strcmp(what, "load"))
		load(argv[2], n);
	if (!strcmp(what, "verify"))
		return verify(argv[2], n);
	fprintf(stderr, "blk: see blk.c\n");
	return 2;
}
