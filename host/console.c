// SPDX-License-Identifier: GPL-2.0
/*
 * The host's end of the console: standard input and output, the terminal's
 * mode, and the last lines of output.  Bytes pass unchanged.  Neither
 * descriptor is made non-blocking, because that would also change it for the
 * processes that share it; poll() says first what a call may do.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "console.h"
#include "die.h"
#include "end.h"

/* A pipe that is writable takes this much without blocking (PIPE_BUF). */
#define CHUNK_LEN	4096
#define TAIL_LEN	4096
#define TAIL_LINES	16

static struct termios saved_mode;
static bool input_is_tty;
static bool is_raw;
static bool output_gone;
static pthread_mutex_t mode_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t output_lock = PTHREAD_MUTEX_INITIALIZER;

/* Apart from output_lock: SIGQUIT has to work while output is stuck. */
static pthread_mutex_t tail_lock = PTHREAD_MUTEX_INITIALIZER;
static char tail[TAIL_LEN];
static size_t tail_end;

static void open_if_closed(int fd, int flags, const char *name)
{
	if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
		return;
	if (open("/dev/null", flags) != fd)
		die_errno("cannot open /dev/null");
	if (fd != STDERR_FILENO)
		warn("%s is closed; the guest goes on without it", name);
}

void console_init(void)
{
	/* In this order: open() takes the lowest free number. */
	open_if_closed(STDIN_FILENO, O_RDONLY, "standard input");
	open_if_closed(STDOUT_FILENO, O_WRONLY, "standard output");
	open_if_closed(STDERR_FILENO, O_WRONLY, "standard error");
	input_is_tty = !tcgetattr(STDIN_FILENO, &saved_mode);
	at_quit(console_restore);
}

bool console_is_tty(void)
{
	return input_is_tty;
}

void console_leave_mode(void)
{
	input_is_tty = false;
}

void console_raw(void)
{
	struct termios raw;

	/* In the background the terminal belongs to somebody else. */
	if (!input_is_tty || tcgetpgrp(STDIN_FILENO) != getpgrp())
		return;
	pthread_mutex_lock(&mode_lock);
	raw = saved_mode;
	cfmakeraw(&raw);
	is_raw = !tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	die_set_raw(is_raw);
	pthread_mutex_unlock(&mode_lock);
}

void console_restore(void)
{
	pthread_mutex_lock(&mode_lock);
	if (is_raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved_mode);
	is_raw = false;
	die_set_raw(false);
	pthread_mutex_unlock(&mode_lock);
}

bool console_size(u16 *cols, u16 *rows)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) &&
	    ioctl(STDIN_FILENO, TIOCGWINSZ, &size))
		return false;
	*cols = size.ws_col;
	*rows = size.ws_row;
	return true;
}

static void tail_add(const char *text, size_t len)
{
	size_t i;

	pthread_mutex_lock(&tail_lock);
	for (i = 0; i < len; i++)
		tail[tail_end++ % TAIL_LEN] = text[i];
	pthread_mutex_unlock(&tail_lock);
}

void console_print_tail(void)
{
	char text[TAIL_LEN + 1];
	size_t at, from, len = 0;
	unsigned int lines = 0;

	pthread_mutex_lock(&tail_lock);
	from = at = tail_end;
	while (at && tail_end - at < TAIL_LEN && lines <= TAIL_LINES) {
		from = at--;
		lines += tail[at % TAIL_LEN] == '\n' && at + 1 != tail_end;
		if (!at)
			from = 0;
	}
	for (; from < tail_end; from++) {
		char c = tail[from % TAIL_LEN];

		if (c != '\r' && c)
			text[len++] = c;
	}
	pthread_mutex_unlock(&tail_lock);
	text[len] = '\0';
	print_err("last lines of the console:\n%s%s", text,
		  len && text[len - 1] != '\n' ? "\n" : "");
}

bool console_shows(const char *text)
{
	char copy[TAIL_LEN];
	size_t i;

	pthread_mutex_lock(&tail_lock);
	for (i = 0; i < TAIL_LEN; i++)
		copy[i] = tail[(tail_end + i) % TAIL_LEN];
	pthread_mutex_unlock(&tail_lock);
	return memmem(copy, TAIL_LEN, text, strlen(text));
}

/* Waits until output takes bytes; false if the guest ended before that. */
static bool wait_output(void)
{
	struct pollfd fds[] = {
		{ .fd = STDOUT_FILENO, .events = POLLOUT },
		{ .fd = end_fd(), .events = POLLIN },
	};

	while (poll(fds, ARRAY_SIZE(fds), -1) < 0) {
		if (errno != EINTR)
			return true;
	}
	return fds[0].revents || !fds[1].revents;
}

static bool write_locked(const u8 *text, size_t len)
{
	while (len && !output_gone) {
		ssize_t done;

		if (!wait_output())
			return false;
		done = write(STDOUT_FILENO, text, min_u64(len, CHUNK_LEN));
		if (done < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (done < 0) {
			output_gone = true;
			warn("standard output: %s; the guest goes on without it",
			     strerror(errno));
			break;
		}
		text += done;
		len -= done;
	}
	return !output_gone;
}

bool console_write(const void *text, size_t len)
{
	bool done;

	tail_add(text, len);
	pthread_mutex_lock(&output_lock);
	done = write_locked(text, len);
	pthread_mutex_unlock(&output_lock);
	return done;
}

ssize_t console_read(void *to, size_t len)
{
	ssize_t got = read(STDIN_FILENO, to, len);

	if (got >= 0)
		return got;
	/* A terminal that hung up says EIO: also an end. */
	return errno == EINTR || errno == EAGAIN ? -1 : 0;
}
