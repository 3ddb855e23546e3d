// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's end: who says so first decides the exit status and the one line
 * that the user reads.  This file only keeps the verdict; the main thread
 * waits for it on end_fd() and carries it out.
 */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <asm/umkvm.h>

#include "die.h"
#include "end.h"
#include "vcpu.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct end verdict;
static atomic_bool ended;
static int event = -1;

static const char *const kind_names[] = {
	[END_POWER_OFF]		= "power off",
	[END_RESTART]		= "reboot",
	[END_PANIC]		= "panic",
	[END_TRIPLE_FAULT]	= "triple fault",
	[END_KVM]		= "KVM internal error",
	[END_PROTOCOL]		= "broken protocol",
	[END_VERSION]		= "version",
	[END_WATCHDOG]		= "watchdog",
	[END_SIGNAL]		= "signal",
};

void end_init(void)
{
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (event < 0)
		die_errno("cannot make an eventfd");
}

int end_fd(void)
{
	return event;
}

bool end_pending(void)
{
	return atomic_load(&ended);
}

static void end_va(enum end_kind kind, int status, const char *where,
		   const char *fmt, va_list ap)
{
	const u64 one = 1;
	size_t len;

	pthread_mutex_lock(&lock);
	/* A reboot is no end, and end_clear() would take a signal with it. */
	if (verdict.kind == END_NONE ||
	    (verdict.kind == END_RESTART && kind == END_SIGNAL)) {
		verdict.kind = kind;
		verdict.status = status;
		vsnprintf(verdict.text, sizeof(verdict.text), fmt, ap);
		len = strlen(verdict.text);
		snprintf(verdict.text + len, sizeof(verdict.text) - len, "%s",
			 where);
		atomic_store(&ended, true);
		/* The counter of a non-blocking eventfd cannot be full here. */
		if (write(event, &one, sizeof(one)) < 0)
			warn("cannot wake the main thread");
	}
	pthread_mutex_unlock(&lock);
}

void end_guest(enum end_kind kind, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	end_va(kind, status, "", fmt, ap);
	va_end(ap);
}

void vm_die(const char *fmt, ...)
{
	char where[80];
	va_list ap;

	vcpu_where(where, sizeof(where));
	va_start(ap, fmt);
	end_va(END_PROTOCOL, UMKVM_EXIT_PROTOCOL, where, fmt, ap);
	va_end(ap);
}

const struct end *end_get(void)
{
	return &verdict;
}

void end_clear(void)
{
	u64 count;

	pthread_mutex_lock(&lock);
	memset(&verdict, 0, sizeof(verdict));
	atomic_store(&ended, false);
	if (read(event, &count, sizeof(count)) < 0 && errno != EAGAIN)
		die_errno("cannot read an eventfd");
	pthread_mutex_unlock(&lock);
}

void end_print(const struct end *end)
{
	if (end->kind == END_POWER_OFF)
		return;
	print_err("linux: ended: %s%s%s\n", kind_names[end->kind],
		  end->text[0] ? ": " : "", end->text);
}
