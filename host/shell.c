// SPDX-License-Identifier: GPL-2.0
/*
 * "linux shell NAME [COMMAND...]": a second shell in a guest that runs, over its
 * vsock, as ssh would have it.  This is another process than the guest's: it
 * finds the guest by the directory of its name (umid.h), talks to the server in
 * it (frame.h, rootfs/shelld.c), and whatever ends it, the terminal is as before.
 *
 * Standard output is written to without looking; input waits in a buffer until
 * the guest takes it, so that output comes meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "console.h"
#include "die.h"
#include "frame.h"
#include "shell.h"
#include "umid.h"

#define IDLE_MS		2000	/* the guest is asked whether it is there still */

static struct shell {
	const char *name;
	int fd;
	int signals;
	bool tty;		/* on both sides */
	bool resized;
	bool at_end;		/* of input */
	struct frames in, out;
} shell;

static void open_connection(u32 cid)
{
	const struct sockaddr_vm to = {
		.svm_family = AF_VSOCK,
		.svm_cid = cid,
		.svm_port = SHELL_PORT,
	};

	shell.fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (shell.fd < 0)
		die_errno("shell: this host has no vsock");
	if (connect(shell.fd, (const struct sockaddr *)&to, sizeof(to)))
		die("shell %s: %s; is the guest up, and shelld in it?", shell.name,
		    errno == ECONNRESET ? "no answer" : strerror(errno));
	if (fcntl(shell.fd, F_SETFL, O_NONBLOCK))
		die_errno("shell");
}

static void open_signals(void)
{
	static const int handled[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH,
	};
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(handled); i++)
		sigaddset(&set, handled[i]);
	shell.signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (shell.signals < 0)
		die_errno("cannot make a signalfd");
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* $TERM goes along, for the first time means something. */
static void put_size(void)
{
	const char *term = getenv("TERM");
	u8 text[sizeof(struct frame_size) + 64] = { 0 };
	size_t len = term ? min_u64(strlen(term), 64) : 0;
	u16 columns = 0, rows = 0;

	console_size(&columns, &rows);
	memcpy(text, &(struct frame_size){
		{ rows & 0xff, rows >> 8 }, { columns & 0xff, columns >> 8 },
	}, sizeof(struct frame_size));
	memcpy(text + sizeof(struct frame_size), term ? term : "", len);
	frame_put(&shell.out, FRAME_SIZE, text, sizeof(struct frame_size) + len);
	shell.resized = false;
}

/* Joined by blanks, as ssh does: the shell in the guest takes it apart. */
static void put_command(char **words)
{
	char text[FRAME_MAX];
	size_t len = 0;

	for (; *words; words++) {
		size_t word = strlen(*words);

		if (word + 1 > sizeof(text) - len)
			die("shell: the command is too long; at most %d characters",
			    FRAME_MAX - 1);
		if (len)
			text[len++] = ' ';
		memcpy(text + len, *words, word);
		len += word;
	}
	frame_put(&shell.out, FRAME_RUN, text, len);
}

static void on_signal(void)
{
	struct signalfd_siginfo info;

	if (read(shell.signals, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGWINCH:
		shell.resized = shell.tty;
		break;
	case SIGTSTP:
		console_restore();
		kill(getpid(), SIGSTOP);
		if (shell.tty)
			console_raw();
		break;
	default:
		quit(128 + info.ssi_signo);
	}
}

static void put_input(void)
{
	u8 bytes[FRAME_MAX];
	ssize_t got = console_read(bytes, sizeof(bytes));

	if (got < 0)
		return;
	shell.at_end = !got;
	frame_put(&shell.out, FRAME_IN, bytes, got);
}

static void print(int fd, const u8 *data, size_t len)
{
	struct pollfd waits = { .fd = fd, .events = POLLOUT };

	while (len) {
		ssize_t done = write(fd, data, len);

		if (done >= 0) {
			data += done;
			len -= done;
		} else if (errno == EAGAIN) {
			poll(&waits, 1, -1);
		} else if (errno == EPIPE) {
			quit(128 + SIGPIPE);
		} else if (errno != EINTR) {
			die_errno("shell: cannot write output");
		}
	}
}

static void handle_frame(const struct frame *frame)
{
	if (frame->kind == FRAME_OUT)
		print(STDOUT_FILENO, frame->data, frame->len);
	else if (frame->kind == FRAME_ERR)
		print(STDERR_FILENO, frame->data, frame->len);
	else if (frame->kind == FRAME_STATUS && frame->len == 1)
		quit(frame->data[0]);
	else
		die("shell %s: the guest answers nonsense", shell.name);
}

static void receive(void)
{
	struct frame frame;
	int more = frame_fill(&shell.in, shell.fd), ret;

	while ((ret = frame_take(&shell.in, &frame)) > 0)
		handle_frame(&frame);
	if (ret < 0)
		die("shell %s: the guest answers nonsense", shell.name);
	if (more < 0)
		die("shell %s: the guest has closed the connection", shell.name);
}

static void serve(void)
{
	struct pollfd fds[] = {
		{ .fd = shell.fd, .events = POLLIN },
		{ .fd = shell.signals, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
	};
	int ready;

	if (shell.resized && frame_room(&shell.out))
		put_size();
	frame_flush(&shell.out, shell.fd);
	if (shell.out.at < shell.out.len)
		fds[0].events |= POLLOUT;
	if (frame_room(&shell.out) && !shell.at_end)
		fds[2].fd = STDIN_FILENO;
	ready = poll(fds, ARRAY_SIZE(fds), IDLE_MS);
	if (!ready && frame_room(&shell.out))
		frame_put(&shell.out, FRAME_PING, NULL, 0);
	if (ready <= 0)
		return;
	if (fds[1].revents)
		on_signal();
	if (fds[0].revents & ~POLLOUT)
		receive();
	if (fds[2].revents)
		put_input();
}

_Noreturn void shell_run(char **words)
{
	char key[SHELL_KEY_LEN + 1];
	const char *dir = NULL;
	u32 cid;

	if (*words && !strncmp(*words, "uml_dir=", 8))
		dir = *words++ + 8;
	if (!*words || !**words)
		die("usage: linux shell [uml_dir=DIR] NAME [COMMAND...]; NAME is a guest's umid=");
	shell.name = *words++;
	cid = umid_find_shell(shell.name, dir, key);
	console_init();
	shell.tty = console_is_tty() && isatty(STDOUT_FILENO);
	open_connection(cid);
	open_signals();
	frame_put(&shell.out, FRAME_KEY, key, SHELL_KEY_LEN);
	if (shell.tty)
		put_size();
	put_command(words);
	if (shell.tty)
		console_raw();
	for (;;)
		serve();
}
