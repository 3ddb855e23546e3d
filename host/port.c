// SPDX-License-Identifier: GPL-2.0
/*
 * The host's end of each console: descriptors, a pseudo terminal, a file, or a
 * socket that one client after the other uses.  All is opened before the
 * sandbox closes; only a socket's clients come later.  What is ours never
 * waits; what we were given is asked by poll() first, as in console.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "console.h"
#include "die.h"
#include "listen.h"
#include "port.h"

/* A pipe that is writable takes this much without blocking (PIPE_BUF). */
#define CHUNK_LEN	4096

/* The guest's CPU spins meanwhile and other devices wait. */
#define WAIT_MS		100

static _Noreturn void cannot_open(const struct port_spec *spec)
{
	die("%s=%s: %s", spec->name, spec->value, strerror(errno));
}

/*
 * Its other side stays open here: so it keeps its mode, and the last user's
 * leaving is no end of input.  Raw, or it would echo the guest's output.
 */
static void open_pty(struct port *port, unsigned int rank)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	struct termios mode;
	char name[64];
	int other;

	if (fd < 0 || grantpt(fd) || unlockpt(fd) ||
	    ptsname_r(fd, name, sizeof(name)))
		cannot_open(port->spec);
	other = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (other < 0 || tcgetattr(other, &mode))
		cannot_open(port->spec);
	cfmakeraw(&mode);
	tcsetattr(other, TCSANOW, &mode);
	port->input.fd = port->out = fd;
	warn("%s is %s, hvc%u in the guest", port->spec->name, name, rank);
}

void port_open(struct port *port, const struct port_spec *spec,
	       unsigned int rank)
{
	char label[PORT_NAME_LEN + PATH_MAX];

	port->spec = spec;
	port->input.fd = port->listener.fd = port->client = port->out = -1;
	switch (spec->kind) {
	case PORT_FDS:
	case PORT_STREAM:
		port->input.fd = spec->in;
		port->out = spec->out;
		break;
	case PORT_PTY:
		open_pty(port, rank);
		break;
	case PORT_FILE:
		port->out = open(spec->path, O_WRONLY | O_APPEND | O_CREAT |
				 O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
		if (port->out < 0)
			cannot_open(spec);
		break;
	case PORT_UNIX:
	case PORT_TCP:
		snprintf(label, sizeof(label), "%s=%s", spec->name, spec->value);
		port->listener.fd = spec->kind == PORT_UNIX ?
				    listen_unix(label, spec->path) :
				    listen_tcp(label, spec->tcp);
		port->listener.events = POLLIN;
		break;
	case PORT_NONE:
		break;
	}
}

static bool has_client(const struct port *port)
{
	struct pollfd fd = { .fd = port->client, .events = POLLRDHUP };

	return port->input.fd >= 0 && port->out >= 0 && poll(&fd, 1, 0) <= 0;
}

void port_accept(struct port *port)
{
	int fd = accept4(port->listener.fd, NULL, NULL,
			 SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	if (has_client(port)) {
		close(fd);
		return;
	}
	if (port->client >= 0)
		close(port->client);
	port->client = port->input.fd = port->out = fd;
	port->slow = false;
}

void port_read(struct port *port)
{
	const int fd = port->input.fd;
	ssize_t got;

	if (fd == STDIN_FILENO)
		got = console_read(port->buf, sizeof(port->buf));
	else
		got = read(fd, port->buf, sizeof(port->buf));
	port->at = 0;
	port->len = got > 0 ? got : 0;
	if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	/* A client that only reads from here on still gets its output. */
	port->input.fd = -1;
	port->at_end = port->listener.fd < 0;
}

static u64 now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* False: the reader did not take all of it until @deadline. */
static bool write_until(struct port *port, const u8 *text, size_t len,
			u64 deadline)
{
	struct pollfd fd = { .fd = port->out, .events = POLLOUT };
	ssize_t done;
	u64 now;

	while (len) {
		now = now_ms();
		if (!poll(&fd, 1, now < deadline ? deadline - now : 0))
			return false;
		done = write(port->out, text, min_u64(len, CHUNK_LEN));
		if (done < 0 && errno == EAGAIN)
			return false;
		if (done < 0 && errno != EINTR) {
			port->out = -1;
			if (port->listener.fd < 0)
				warn("%s=%s: %s; the guest goes on without it",
				     port->spec->name, port->spec->value,
				     strerror(errno));
			return true;
		}
		text += done > 0 ? done : 0;
		len -= done > 0 ? done : 0;
	}
	return true;
}

void port_write(struct port *port, const void *text, size_t len)
{
	if (port->out == STDOUT_FILENO)
		console_write(text, len);
	else if (port->out >= 0)
		port->slow = !write_until(port, text, len,
					  port->slow ? 0 : now_ms() + WAIT_MS);
}

bool port_size(const struct port *port, u16 size[2])
{
	struct winsize found;

	if (port->out == STDOUT_FILENO)
		return console_size(&size[0], &size[1]);
	if (ioctl(port->out, TIOCGWINSZ, &found) || !found.ws_col)
		return false;
	size[0] = found.ws_col;
	size[1] = found.ws_row;
	return true;
}
