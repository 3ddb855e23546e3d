// SPDX-License-Identifier: GPL-2.0
/*
 * What BusyBox cannot do with sockets: "serve PORT" sends what each connection
 * and each datagram brings back to where it came from; "many HOST PORT N" opens
 * N connections, and closes none before each has got its own word back; "udp
 * HOST PORT" does the same with one datagram.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX		256
#define SECONDS		60

static int die(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in address(const char *host, const char *port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(atoi(port)),
	};

	if (!inet_aton(host, &to.sin_addr))
		die(host);
	return to;
}

static int make_socket(int type)
{
	const struct timeval limit = { .tv_sec = SECONDS };
	const int on = 1;
	int fd = socket(AF_INET, type, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		die("socket");
	return fd;
}

static void echo(struct pollfd *p)
{
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	char text[64];
	ssize_t len = recvfrom(p->fd, text, sizeof(text), 0,
			       (struct sockaddr *)&from, &from_len);

	if (len > 0 && sendto(p->fd, text, len, 0,
			      (struct sockaddr *)&from, from_len) != len)
		die("send");
	if (len <= 0) {
		close(p->fd);
		p->fd = -1;
	}
}

static int serve(const char *port)
{
	const struct sockaddr_in any = address("0.0.0.0", port);
	struct pollfd fds[MAX + 2] = {
		{ .fd = make_socket(SOCK_STREAM), .events = POLLIN },
		{ .fd = make_socket(SOCK_DGRAM), .events = POLLIN },
	};
	int i, nr = 2;

	for (i = 0; i < 2; i++)
		if (bind(fds[i].fd, (const struct sockaddr *)&any, sizeof(any)))
			die("bind");
	if (listen(fds[0].fd, MAX))
		die("listen");
	while (poll(fds, nr, -1) > 0) {
		for (i = 1; i < nr; i++)
			if (fds[i].revents & POLLIN)
				echo(&fds[i]);
		if (fds[0].revents && nr < MAX + 2) {
			fds[nr].events = POLLIN;
			fds[nr].revents = 0;
			fds[nr++].fd = accept(fds[0].fd, NULL, NULL);
		}
	}
	return die("poll");
}

static int answered(int fd, const char *word)
{
	char text[64] = "";

	return recv(fd, text, sizeof(text) - 1, 0) > 0 && !strcmp(text, word);
}

static int say(int type, const struct sockaddr_in *to, const char *word)
{
	int fd = make_socket(type);

	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) ||
	    send(fd, word, strlen(word), 0) < 0)
		die("connect");
	return fd;
}

static int many(const struct sockaddr_in *to, int n)
{
	int fds[MAX], i, good = 0;
	char word[16];

	for (i = 0; i < n && i < MAX; i++) {
		snprintf(word, sizeof(word), "word %d", i);
		fds[i] = say(SOCK_STREAM, to, word);
	}
	for (i = 0; i < n && i < MAX; i++) {
		snprintf(word, sizeof(word), "word %d", i);
		good += answered(fds[i], word);
	}
	printf("%d connections\n", good);
	return good != n;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to;

	if (argc == 3 && !strcmp(argv[1], "serve"))
		return serve(argv[2]);
	if (argc < 4)
		return 2;
	to = address(argv[2], argv[3]);
	if (argc == 5 && !strcmp(argv[1], "many"))
		return many(&to, atoi(argv[4]));
	if (!answered(say(SOCK_DGRAM, &to, "datagram"), "datagram"))
		return 1;
	puts("one datagram");
	return 0;
}
