// SPDX-License-Identifier: GPL-2.0
/*
 * How the shim talks on stderr and how it ends.  Each message is formatted in
 * full and written by one write(), so that lines of several threads never mix;
 * no memory is allocated and stdio is not used, because this also runs inside
 * the sandbox.  Every end of the process goes through quit(), which puts back
 * what the shim changed outside of itself (terminal, pid file).
 */
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <asm/umkvm.h>

#include "die.h"

#define MESSAGE_MAX	4096
#define AT_QUIT_MAX	8

static void (*quit_fns[AT_QUIT_MAX])(void);
static unsigned int nr_quit_fns;
static atomic_flag quitting = ATOMIC_FLAG_INIT;
static atomic_bool raw_terminal;
static int die_status = UMKVM_EXIT_USAGE;

void die_set_status(int status)
{
	die_status = status;
}

void die_set_raw(bool raw)
{
	atomic_store(&raw_terminal, raw);
}

static void put_err(const char *text)
{
	char out[2 * MESSAGE_MAX];
	size_t len = 0;

	for (; *text && len < sizeof(out) - 2; text++) {
		if (*text == '\n' && atomic_load(&raw_terminal))
			out[len++] = '\r';
		out[len++] = *text;
	}
	/* Nobody is left to tell if stderr is gone. */
	if (write(STDERR_FILENO, out, len) < 0)
		return;
}

static void put_line(const char *fmt, va_list ap, const char *why)
{
	char line[MESSAGE_MAX];
	size_t len = 0;

	len += snprintf(line, sizeof(line), "linux: ");
	vsnprintf(line + len, sizeof(line) - len - 1, fmt, ap);
	len = strlen(line);
	if (why)
		snprintf(line + len, sizeof(line) - len - 1, ": %s", why);
	strcat(line, "\n");
	put_err(line);
}

void print_err(const char *fmt, ...)
{
	char text[MESSAGE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put_err(text);
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line(fmt, ap, NULL);
	va_end(ap);
}

void at_quit(void (*fn)(void))
{
	if (nr_quit_fns == AT_QUIT_MAX)
		die("too much to put back at the end; this is a bug of the shim, please report it");
	quit_fns[nr_quit_fns++] = fn;
}

static void run_quit_fns(void)
{
	/* Two threads may fail at once: the second only waits for the end. */
	if (atomic_flag_test_and_set(&quitting)) {
		for (;;)
			pause();
	}
	while (nr_quit_fns)
		quit_fns[--nr_quit_fns]();
}

void quit(int status)
{
	run_quit_fns();
	_exit(status);
}

void die(const char *fmt, ...)
{
	va_list ap;

	run_quit_fns();
	va_start(ap, fmt);
	put_line(fmt, ap, NULL);
	va_end(ap);
	_exit(die_status);
}

void die_errno(const char *fmt, ...)
{
	const char *why = strerror(errno);
	va_list ap;

	run_quit_fns();
	va_start(ap, fmt);
	put_line(fmt, ap, why);
	va_end(ap);
	_exit(die_status);
}
