// SPDX-License-Identifier: GPL-2.0
/*
 * How much TCP carries.
 *
 *   bulk serve PORT	serves one connection after the other
 *   bulk down HOST PORT MB	gets that much from it, and says how fast
 *   bulk up HOST PORT MB	sends it
 *   bulk turns HOST PORT N	sends a byte and waits for one, N times
 *
 * A connection begins with a word of the server, because Debian 12's passt resets
 * one whose server never says any, and with the request.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MB	1000000UL

struct request {
	uint64_t down, up, turns;	/* bytes, bytes, bytes each way */
};

static char buffer[128 << 10];

static void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void get(int fd, void *to, size_t len)
{
	must(recv(fd, to, len, MSG_WAITALL) == (ssize_t)len, "recv");
}

static void put(int fd, const void *from, size_t len)
{
	must(send(fd, from, len, MSG_NOSIGNAL) == (ssize_t)len, "send");
}

static void get_all(int fd, uint64_t len)
{
	ssize_t got;

	for (; len; len -= got) {
		got = recv(fd, buffer, len < sizeof(buffer) ? len : sizeof(buffer), 0);
		must(got > 0, "recv");
	}
}

static void put_all(int fd, uint64_t len)
{
	size_t part;

	for (; len; len -= part) {
		part = len < sizeof(buffer) ? len : sizeof(buffer);
		put(fd, buffer, part);
	}
}

static struct sockaddr_in address(const char *host, const char *port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(atoi(port)),
	};

	must(inet_aton(host, &to.sin_addr), host);
	return to;
}

static int make_socket(void)
{
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	must(fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) &&
	     !setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), "socket");
	return fd;
}

static void serve_one(int fd)
{
	struct request request;
	char byte = 0;

	put(fd, &byte, 1);
	get(fd, &request, sizeof(request));
	put_all(fd, request.down);
	get_all(fd, request.up);
	while (request.turns--) {
		get(fd, &byte, 1);
		put(fd, &byte, 1);
	}
	put(fd, &byte, 1);
	close(fd);
}

static _Noreturn void serve(const char *port)
{
	const struct sockaddr_in any = address("0.0.0.0", port);
	int fd = make_socket();

	must(!bind(fd, (const struct sockaddr *)&any, sizeof(any)), "bind");
	must(!listen(fd, 5), "listen");
	for (;;)
		serve_one(accept(fd, NULL, NULL));
}

/* Until the server says that it has got, or sent, the last byte */
static double ask(const struct sockaddr_in *to, const struct request *request)
{
	uint64_t turns = request->turns;
	int fd = make_socket();
	double start;
	char byte;

	must(!connect(fd, (const struct sockaddr *)to, sizeof(*to)), "connect");
	get(fd, &byte, 1);
	start = seconds();
	put(fd, request, sizeof(*request));
	get_all(fd, request->down);
	put_all(fd, request->up);
	while (turns--) {
		put(fd, &byte, 1);
		get(fd, &byte, 1);
	}
	get(fd, &byte, 1);
	return seconds() - start;
}

int main(int argc, char **argv)
{
	struct request request = { 0 };
	struct sockaddr_in to;
	unsigned long n;
	double took;

	if (argc == 3 && !strcmp(argv[1], "serve"))
		serve(argv[2]);
	if (argc != 5)
		return 2;
	to = address(argv[2], argv[3]);
	n = strtoul(argv[4], NULL, 0);
	if (!strcmp(argv[1], "down"))
		request.down = n * MB;
	else if (!strcmp(argv[1], "up"))
		request.up = n * MB;
	else
		request.turns = n;
	took = ask(&to, &request);
	if (request.turns)
		printf("turns: %.0f a second\n", n / took);
	else
		printf("%s: %.1f MB/s\n", argv[1], n / took);
	return 0;
}
