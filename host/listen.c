// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets of the shim that others connect to: consoles and the debugger's.
 * Only this machine's users reach them.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "die.h"
#include "listen.h"

#define PATHS_MAX	16

static const char *paths[PATHS_MAX];
static unsigned int nr_paths;
static bool any;

static void remove_sockets(void)
{
	while (nr_paths)
		unlink(paths[--nr_paths]);
}

static _Noreturn void cannot_listen(const char *label)
{
	die("%s: %s%s", label, strerror(errno),
	    errno == EADDRINUSE ? "; take another" : "");
}

static int open_listener(const char *label, const void *addr, socklen_t len,
			 int family)
{
	const int one = 1;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	/* For TCP: an old connection does not hold the port, keys go at once. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (fd < 0 || bind(fd, addr, len) || listen(fd, 1))
		cannot_listen(label);
	any = true;
	return fd;
}

int listen_tcp(const char *label, u16 port)
{
	const struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	return open_listener(label, &addr, sizeof(addr), AF_INET);
}

/* A socket that nobody listens to any more: its process was killed. */
static void remove_stale(const struct sockaddr_un *addr)
{
	struct stat stat;
	int fd;

	if (lstat(addr->sun_path, &stat) || !S_ISSOCK(stat.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (connect(fd, (const void *)addr, sizeof(*addr)) &&
	    errno == ECONNREFUSED)
		unlink(addr->sun_path);
	close(fd);
}

int listen_unix(const char *label, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (nr_paths == PATHS_MAX)
		die("%s: more than %d sockets", label, PATHS_MAX);
	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		cannot_listen(label);
	}
	memcpy(addr.sun_path, path, strlen(path));
	remove_stale(&addr);
	fd = open_listener(label, &addr, sizeof(addr), AF_UNIX);
	if (!nr_paths)
		at_quit(remove_sockets);
	paths[nr_paths++] = path;
	return fd;
}

bool listen_any(void)
{
	return any;
}
