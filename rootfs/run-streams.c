// SPDX-License-Identifier: GPL-2.0
/*
 * The standard streams of the command of "linux run": pipes, so that programs
 * find what they know, and this loop between them and virtio ports, which know
 * neither SIGPIPE nor, for output, an end.  A stream waits for its own reader
 * and holds up no other.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run-streams.h"

#define PORTS		"/sys/class/virtio-ports"
#define BUF_LEN		32768	/* the driver takes no more at once */
#define TRIES		20000
#define TRY_US		500

/* From what is read to what is written; both -1 when that is over. */
static struct stream {
	int from, to;
	size_t at, len;
	char buf[BUF_LEN];
} streams[3] = {
	{ .from = -1, .to = -1 }, { .from = -1, .to = -1 }, { .from = -1, .to = -1 },
};

static int child_signals;

static bool has_name(const char *port, const char *name)
{
	char path[300], found[32];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), PORTS "/%s/name", port);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, found, sizeof(found));
	close(fd);
	return len == (ssize_t)strlen(name) + 1 && !memcmp(found, name, len - 1);
}

static int find_port(const char *name, int flags)
{
	DIR *dir = opendir(PORTS);
	struct dirent *entry;
	char path[300];
	int fd = -1;

	while (dir && fd < 0 && (entry = readdir(dir))) {
		if (!has_name(entry->d_name, name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, flags | O_NONBLOCK | O_CLOEXEC);
	}
	if (dir)
		closedir(dir);
	return fd;
}

/* Its name is the last that the shim tells about a port, and comes late. */
int stream_open(int nr)
{
	static const char *const names[] = { "stdin", "stdout", "stderr" };
	struct stream *stream = &streams[nr];
	int port = -1, tries, pipe_fds[2];

	for (tries = 0; port < 0 && tries < TRIES; tries++) {
		port = find_port(names[nr], nr ? O_WRONLY : O_RDONLY);
		if (port < 0)
			usleep(TRY_US);
	}
	if (port < 0 || pipe2(pipe_fds, O_CLOEXEC))
		return -1;
	stream->from = nr ? pipe_fds[0] : port;
	stream->to = nr ? port : pipe_fds[1];
	/* Not the command's: it expects a pipe that waits. */
	fcntl(pipe_fds[!nr], F_SETFL, O_NONBLOCK);
	return pipe_fds[!!nr];
}

int stream_message_fd(void)
{
	return streams[2].to;
}

void streams_prepare(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	child_signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void stream_close(struct stream *stream)
{
	if (stream->from < 0)
		return;
	close(stream->from);
	close(stream->to);
	stream->from = stream->to = -1;
	stream->len = 0;
}

static bool must_wait(ssize_t done)
{
	return done < 0 && (errno == EAGAIN || errno == EINTR);
}

/* One read or one write, whichever is due. */
static void stream_step(struct stream *stream, short events)
{
	ssize_t done;

	/* A port that the host has closed never becomes writable. */
	if (stream->len && !(events & POLLOUT)) {
		stream_close(stream);
		return;
	}
	if (stream->len)
		done = write(stream->to, stream->buf + stream->at, stream->len);
	else
		done = read(stream->from, stream->buf, BUF_LEN);
	if (must_wait(done))
		return;
	if (done <= 0) {
		stream_close(stream);
	} else if (stream->len) {
		stream->at += done;
		stream->len -= done;
	} else {
		stream->at = 0;
		stream->len = done;
	}
}

/* -1: the command still runs.  What it leaves behind ends with it. */
static int reap(pid_t command)
{
	struct signalfd_siginfo info;
	int wait_status, status = -1;
	pid_t pid;

	while (read(child_signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		status = WIFSIGNALED(wait_status) ?
			 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
		kill(-1, SIGKILL);
		stream_close(&streams[0]);
	}
	return status;
}

static void wait_and_move(void)
{
	struct pollfd fds[4] = { { .fd = child_signals, .events = POLLIN } };
	int i;

	for (i = 0; i < 3; i++) {
		const bool full = streams[i].len;

		fds[i + 1].fd = full ? streams[i].to : streams[i].from;
		fds[i + 1].events = full ? POLLOUT : POLLIN;
	}
	if (poll(fds, 4, -1) < 0)
		return;
	for (i = 0; i < 3; i++) {
		if (fds[i + 1].revents)
			stream_step(&streams[i], fds[i + 1].revents);
	}
}

int streams_carry(pid_t command, int fds[3])
{
	int status = -1, ended, i;

	/* A terminal is there more than once, and not a pipe. */
	for (i = 0; i < 3; i++) {
		if (streams[i].from >= 0)
			close(fds[i]);
	}
	while (status < 0 || streams[1].from >= 0 || streams[2].from >= 0) {
		wait_and_move();
		ended = reap(command);
		if (ended >= 0)
			status = ended;
	}
	return status;
}
