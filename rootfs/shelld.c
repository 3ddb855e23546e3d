// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's side of "linux shell": listens on a vsock port, and for each
 * connection that knows the key starts a shell, on a terminal of its own if the
 * host has one, else with pipes.  host/frame.h is what is said on the connection.
 *
 * It answers the host only, and ends a session's programs when the host has gone.
 * Without a key on the kernel's command line it does nothing.  It is in the
 * background, and ready, when what started it goes on.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frame.h"

#define TERM_MAX	64
#define EOT		4	/* Ctrl-D, the end of input on a terminal */

enum { OUT, ERR, NR_OUTPUTS };

static char key[SHELL_KEY_LEN + 1];

/*
 * One connection, a process of its own.  @input: a frame of which the shell has
 * taken the first @done bytes; until it has all, no other is looked at.
 */
static struct session {
	int conn;
	bool tty;
	struct winsize size;
	char term[TERM_MAX + 1];
	pid_t pid;		/* 0: before FRAME_RUN */
	int pidfd;
	int write_fd;		/* to the shell; -1: closed */
	int outputs[NR_OUTPUTS];	/* from it, the same */
	struct frame input;
	size_t done;
	struct frames from, to;
} session = { .pidfd = -1, .write_fd = -1, .outputs = { -1, -1 } };

static bool read_key(void)
{
	char text[4096] = "";
	int fd = open("/proc/cmdline", O_RDONLY);
	char *word;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return false;
	close(fd);
	word = strstr(text, SHELL_KEY_WORD);
	return word && sscanf(word, SHELL_KEY_WORD "%16[0-9a-f]", key) == 1 &&
	       strlen(key) == SHELL_KEY_LEN;
}

static _Noreturn void finish(void)
{
	/* Its group is its own; who hangs on the terminal hears of it, too. */
	if (session.pid)
		kill(-session.pid, SIGHUP);
	_exit(0);
}

static _Noreturn void exec_shell(const struct frame *run)
{
	char command[FRAME_MAX + 1] = "";

	memcpy(command, run->data, run->len);
	if (session.tty && *session.term)
		setenv("TERM", session.term, 1);
	signal(SIGPIPE, SIG_DFL);
	if (*command)
		execl("/bin/sh", "sh", "-l", "-c", command, NULL);
	else
		execl("/bin/sh", "-sh", NULL);
	_exit(127);
}

/* The ends that are ours never wait; those of the shell are as it expects. */
static void start_on_pipes(const struct frame *run)
{
	int in[2], out[2], err[2];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
	    pipe2(err, O_CLOEXEC))
		finish();
	session.pid = fork();
	if (!session.pid) {
		setsid();
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(err[1], 2);
		exec_shell(run);
	}
	close(in[0]);
	close(out[1]);
	close(err[1]);
	session.write_fd = in[1];
	session.outputs[OUT] = out[0];
	session.outputs[ERR] = err[0];
	fcntl(err[0], F_SETFL, O_NONBLOCK);
}

static void start_on_terminal(const struct frame *run)
{
	int fd;

	session.pid = forkpty(&fd, NULL, NULL, &session.size);
	if (!session.pid)
		exec_shell(run);
	session.outputs[OUT] = fd;
	session.write_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static void start_shell(const struct frame *run)
{
	if (session.tty)
		start_on_terminal(run);
	else
		start_on_pipes(run);
	if (session.pid < 0)
		_exit(1);
	session.pidfd = syscall(SYS_pidfd_open, session.pid, 0);
	fcntl(session.write_fd, F_SETFL, O_NONBLOCK);
	fcntl(session.outputs[OUT], F_SETFL, O_NONBLOCK);
}

static void set_size(const struct frame *frame)
{
	struct frame_size size;
	size_t rest = frame->len - sizeof(size);

	memcpy(&size, frame->data, sizeof(size));
	session.size.ws_row = size.rows[0] | size.rows[1] << 8;
	session.size.ws_col = size.columns[0] | size.columns[1] << 8;
	if (session.pid) {
		ioctl(session.outputs[OUT], TIOCSWINSZ, &session.size);
		return;
	}
	session.tty = true;
	memcpy(session.term, frame->data + sizeof(size),
	       rest < TERM_MAX ? rest : TERM_MAX);
}

static void end_input(void)
{
	static const u8 eot[] = { EOT };

	if (session.tty) {
		session.input = (struct frame){ FRAME_IN, sizeof(eot), eot };
		return;
	}
	close(session.write_fd);
	session.write_fd = -1;
}

static void handle_frame(const struct frame *frame)
{
	static bool known;

	if (frame->kind == FRAME_KEY)
		known = frame->len == SHELL_KEY_LEN &&
			!memcmp(frame->data, key, SHELL_KEY_LEN);
	if (!known)
		finish();
	if (frame->kind == FRAME_SIZE && frame->len >= sizeof(struct frame_size))
		set_size(frame);
	else if (frame->kind == FRAME_RUN && !session.pid)
		start_shell(frame);
	else if (frame->kind == FRAME_IN && session.pid && frame->len)
		session.input = *frame;
	else if (frame->kind == FRAME_IN && session.pid)
		end_input();
}

/* Until there is input that the shell has not taken. */
static void handle_frames(void)
{
	struct frame frame;
	int ret = 0;

	while (!session.input.len &&
	       (ret = frame_take(&session.from, &frame)) > 0)
		handle_frame(&frame);
	if (ret < 0)
		finish();
}

static void write_input(void)
{
	ssize_t ret = write(session.write_fd, session.input.data + session.done,
			    session.input.len - session.done);

	if (ret > 0)
		session.done += ret;
	else if (ret < 0 && errno != EAGAIN && errno != EINTR)
		session.done = session.input.len;	/* nobody wants it */
	if (session.done < session.input.len)
		return;
	session.input.len = session.done = 0;
	handle_frames();
}

/* True if there may be more. */
static bool read_output(unsigned int which)
{
	u8 bytes[FRAME_MAX];
	ssize_t got = read(session.outputs[which], bytes, sizeof(bytes));

	if (got > 0) {
		frame_put(&session.to, which == OUT ? FRAME_OUT : FRAME_ERR,
			  bytes, got);
		return true;
	}
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	close(session.outputs[which]);
	session.outputs[which] = -1;
	return false;
}

static void flush_all(void)
{
	fcntl(session.conn, F_SETFL, 0);
	while (session.to.at < session.to.len) {
		size_t was = session.to.at;

		frame_flush(&session.to, session.conn);
		if (was == session.to.at)
			finish();
	}
}

/* The shell has ended: what it has written still, and how it ended. */
static _Noreturn void report_end(void)
{
	unsigned int i;
	int status;
	u8 code;

	for (i = 0; i < NR_OUTPUTS; i++) {
		do {
			flush_all();
		} while (session.outputs[i] >= 0 && read_output(i));
	}
	waitpid(session.pid, &status, 0);
	code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	frame_put(&session.to, FRAME_STATUS, &code, 1);
	flush_all();
	/* The host closes first, for what waits here is lost by closing. */
	shutdown(session.conn, SHUT_WR);
	while (frame_fill(&session.from, session.conn) > 0)
		session.from.at = session.from.len;
	_exit(0);
}

static void serve_once(void)
{
	bool room = frame_room(&session.to);
	struct pollfd fds[] = {
		{ .fd = session.conn,
		  .events = POLLRDHUP | (session.input.len ? 0 : POLLIN) },
		{ .fd = session.input.len ? session.write_fd : -1,
		  .events = POLLOUT },
		{ .fd = room ? session.outputs[OUT] : -1, .events = POLLIN },
		{ .fd = room ? session.outputs[ERR] : -1, .events = POLLIN },
		{ .fd = session.pidfd, .events = POLLIN },
	};

	frame_flush(&session.to, session.conn);
	if (session.to.at < session.to.len)
		fds[0].events |= POLLOUT;
	if (poll(fds, sizeof(fds) / sizeof(*fds), -1) < 0)
		return;
	if (fds[4].revents)
		report_end();
	if (fds[0].revents & (POLLERR | POLLHUP | POLLRDHUP))
		finish();
	if (fds[0].revents & POLLIN) {
		if (frame_fill(&session.from, session.conn) < 0)
			finish();
		handle_frames();
	}
	if (fds[1].revents)
		write_input();
	if (fds[2].revents && frame_room(&session.to))
		read_output(OUT);
	if (fds[3].revents && frame_room(&session.to))
		read_output(ERR);
}

static _Noreturn void serve(int conn)
{
	/* A shell is waited for, and a reader that has gone is an error. */
	signal(SIGCHLD, SIG_DFL);
	session.conn = conn;
	fcntl(conn, F_SETFL, O_NONBLOCK);
	for (;;)
		serve_once();
}

static int listen_on_port(void)
{
	const struct sockaddr_vm name = {
		.svm_family = AF_VSOCK,
		.svm_cid = VMADDR_CID_ANY,
		.svm_port = SHELL_PORT,
	};
	int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&name, sizeof(name)) ||
	    listen(fd, 8)) {
		perror("shelld");
		exit(1);
	}
	return fd;
}

int main(void)
{
	struct sockaddr_vm peer;
	socklen_t len = sizeof(peer);
	int fd, conn;

	if (!read_key())
		return 0;
	fd = listen_on_port();
	if (fork())
		return 0;
	setsid();
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (;; len = sizeof(peer)) {
		conn = accept4(fd, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC);
		if (conn < 0)
			continue;
		if (peer.svm_cid == VMADDR_CID_HOST && !fork())
			serve(conn);
		close(conn);
	}
}
