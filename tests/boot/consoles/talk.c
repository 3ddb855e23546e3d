// SPDX-License-Identifier: GPL-2.0
/*
 * talk CHANNEL STEP...: talks to the other end of a console.  CHANNEL is
 * unix:PATH, port:N, or the name of a terminal.  Each STEP is "<TEXT", wait until
 * TEXT has come, ">TEXT", send it and a carriage return, "eof", send no more, or
 * "end", wait until the other side ends it.  What comes goes to standard
 * output; status 1 if a step took too long.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define WAIT_MS	60000

static char text[1 << 16];
static size_t text_len;

static int connect_to(const char *channel)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	struct sockaddr_in tcp = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd;

	if (!strncmp(channel, "unix:", 5)) {
		snprintf(local.sun_path, sizeof(local.sun_path), "%s",
			 channel + 5);
		fd = socket(AF_UNIX, SOCK_STREAM, 0);
		return connect(fd, (void *)&local, sizeof(local)) ? -1 : fd;
	}
	if (!strncmp(channel, "port:", 5)) {
		tcp.sin_port = htons(atoi(channel + 5));
		fd = socket(AF_INET, SOCK_STREAM, 0);
		return connect(fd, (void *)&tcp, sizeof(tcp)) ? -1 : fd;
	}
	return open(channel, O_RDWR | O_NOCTTY);
}

/* Reads what is there; 0 at the end, -1 if nothing came in time. */
static int more(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	ssize_t got;

	if (poll(&wait, 1, WAIT_MS) <= 0 || text_len == sizeof(text) - 1)
		return -1;
	got = read(fd, text + text_len, sizeof(text) - 1 - text_len);
	if (got <= 0)
		return 0;
	fwrite(text + text_len, 1, got, stdout);
	text_len += got;
	text[text_len] = '\0';
	return 1;
}

/* The text up to the word is forgotten. */
static int wait_for(int fd, const char *word)
{
	const char *found;

	while (!(found = strstr(text, word))) {
		if (more(fd) <= 0)
			return -1;
	}
	found += strlen(word);
	text_len -= found - text;
	memmove(text, found, text_len + 1);
	return 0;
}

static int step(int fd, const char *what)
{
	const size_t len = strlen(what + 1);

	if (*what == '<')
		return wait_for(fd, what + 1);
	if (*what == '>')
		return write(fd, what + 1, len) == (ssize_t)len &&
		       write(fd, "\r", 1) == 1 ? 0 : -1;
	if (!strcmp(what, "eof"))
		return shutdown(fd, SHUT_WR);
	while (*what == 'e' && more(fd) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	int fd, i;

	fd = argc > 1 ? connect_to(argv[1]) : -1;
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	for (i = 2; i < argc; i++) {
		if (step(fd, argv[i])) {
			printf("\ntalk: %s: no\n", argv[i]);
			return 1;
		}
	}
	return 0;
}
