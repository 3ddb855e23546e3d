// SPDX-License-Identifier: GPL-2.0
/*
 * Data: TCP over the loopback device, and loops that no kernel takes part in, as
 * compression and checksums have them.  These show what a guest costs a program
 * that leaves the kernel alone.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define CHUNK	(64 << 10)

static char buffer[CHUNK];

/* The two ends of a connection */
static void connect_pair(int fd[2])
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(at);
	const int on = 1;
	int door = socket(AF_INET, SOCK_STREAM, 0), i;

	must(door >= 0 && !bind(door, (struct sockaddr *)&at, len) &&
	     !listen(door, 1) && !getsockname(door, (struct sockaddr *)&at, &len),
	     "socket");
	fd[0] = socket(AF_INET, SOCK_STREAM, 0);
	must(fd[0] >= 0 && !connect(fd[0], (struct sockaddr *)&at, len), "connect");
	fd[1] = accept(door, NULL, NULL);
	must(fd[1] >= 0, "accept");
	for (i = 0; i < 2; i++)
		setsockopt(fd[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	close(door);
}

/* A process that takes @n times @len bytes, and answers each time with @back */
static pid_t peer(int fd, unsigned long n, size_t len, size_t back)
{
	pid_t pid = fork();

	must(pid >= 0, "fork");
	if (pid)
		return pid;
	while (n--) {
		must(recv(fd, buffer, len, MSG_WAITALL) == (ssize_t)len, "recv");
		must(send(fd, buffer, back, 0) == (ssize_t)back, "send");
	}
	_exit(0);
}

static void run_tcp(unsigned long n, size_t len, size_t back)
{
	int fd[2], status;
	unsigned long i;
	pid_t pid;

	connect_pair(fd);
	pid = peer(fd[1], n, len, back);
	bench_start();
	for (i = 0; i < n; i++) {
		must(send(fd[0], buffer, len, 0) == (ssize_t)len, "send");
		must(!back || recv(fd[0], buffer, back, 0) == (ssize_t)back, "recv");
	}
	must(waitpid(pid, &status, 0) == pid && !status, "waitpid");
	bench_stop();
	close(fd[0]);
	close(fd[1]);
}

static void run_tcp_turns(unsigned long n)
{
	run_tcp(n, 1, 1);
}

static void run_tcp_stream(unsigned long n)
{
	run_tcp(n, CHUNK, 0);
}

static uint32_t rotate(uint32_t x, int by)
{
	return x >> by | x << (32 - by);
}

/* The mixing of SHA-256, without its constants: 64 bytes a step */
static void run_mix(unsigned long n)
{
	static volatile uint32_t result;
	uint32_t s[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	int i;

	bench_start();
	while (n--) {
		for (i = 0; i < 64; i++) {
			uint32_t t = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^
				     rotate(s[4], 25)) +
				     ((s[4] & s[5]) ^ (~s[4] & s[6])) + n + i;

			memmove(s + 1, s, 7 * sizeof(*s));
			s[4] += t;
			s[0] = t + ((s[1] & s[2]) ^ (s[1] & s[3]) ^ (s[2] & s[3]));
		}
	}
	bench_stop();
	result = s[0];
	(void)result;
}

/* The search of LZ77: where were these four bytes before?  4 KiB a step */
static void run_search(unsigned long n)
{
	static uint32_t last[1 << 14];
	static volatile unsigned long result;
	unsigned long hits = 0, i;
	uint32_t word, hash;

	for (i = 0; i < CHUNK; i++)
		buffer[i] = "the quick brown fox"[i % 19] + (i * i >> 11) % 3;
	bench_start();
	while (n--) {
		for (i = n % 16 * 4096; i < n % 16 * 4096 + 4092; i++) {
			memcpy(&word, buffer + i, 4);
			hash = word * 2654435761U >> 18;
			hits += !memcmp(buffer + last[hash], &word, 4);
			last[hash] = i;
		}
	}
	bench_stop();
	result = hits;
	(void)result;
}

/* BusyBox's own, which works the same everywhere: @program on 16 MiB of text */
static void filter(unsigned long n, const char *program)
{
	char name[] = "/tmp/bench.XXXXXX", script[128];
	int fd = mkstemp(name), i;

	must(fd >= 0, name);
	for (i = 0; i < CHUNK; i++)
		buffer[i] = "the quick brown fox"[i % 19] + (i * i >> 11) % 3;
	for (i = 0; i < (16 << 20) / CHUNK; i++)
		must(write(fd, buffer, CHUNK) == CHUNK, "write");
	close(fd);
	snprintf(script, sizeof(script), "%s <%s >/dev/null", program, name);
	bench_start();
	while (n--)
		must(!system(script), program);
	bench_stop();
	unlink(name);
}

static void run_gzip(unsigned long n)
{
	filter(n, "busybox gzip -c");
}

static void run_sha256(unsigned long n)
{
	filter(n, "busybox sha256sum");
}

const struct op data_ops[] = {
	{ "tcp-turns", 8000, run_tcp_turns },
	{ "tcp-64k", 500, run_tcp_stream },
	{ "mix-64", 20000, run_mix },
	{ "search-4k", 800, run_search },
	{ "gzip-16m", 1, run_gzip },
	{ "sha256-16m", 1, run_sha256 },
	{ 0 }
};
