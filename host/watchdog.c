// SPDX-License-Identifier: GPL-2.0
/*
 * The watchdog: ends a guest that has not called for as long as it said, or
 * --watchdog did.  A timer ticks a few times in that time, and the guest is
 * late once it has missed all of them.  Ticks while this process was stopped
 * are one tick, and while a debugger or a dump has stopped the guest, none: it
 * could not have called then.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <asm/umkvm.h>

#include "die.h"
#include "end.h"
#include "event.h"
#include "hold.h"
#include "watchdog.h"

#define TICKS	4

/* Taken by vCPU threads that call and by the device thread that ticks. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct event timer;
static unsigned int limit;	/* seconds, 0: off */
static unsigned int missed;	/* ticks since the last call */

static void on_tick(struct event *event)
{
	bool late;
	u64 count;

	pthread_mutex_lock(&lock);
	/* A call that came first has taken the tick back: nothing to read. */
	if (read(event->fd, &count, sizeof(count)) == sizeof(count))
		missed = hold_any() ? 0 : missed + 1;
	late = limit && missed >= TICKS;
	if (late)
		end_guest(END_WATCHDOG, UMKVM_EXIT_WATCHDOG,
			  "no sign of life for %u seconds", limit);
	pthread_mutex_unlock(&lock);
}

void watchdog_init(void)
{
	timer.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (timer.fd < 0)
		die_errno("cannot make a timer");
	timer.events = POLLIN;
	timer.fn = on_tick;
	event_add(&timer);
}

int watchdog_set(u64 seconds)
{
	const u64 tick_ms = seconds * 1000 / TICKS;
	const struct timespec tick = {
		.tv_sec = tick_ms / 1000,
		.tv_nsec = tick_ms % 1000 * 1000000,
	};
	const struct itimerspec spec = { .it_interval = tick, .it_value = tick };

	if (seconds > UMKVM_WATCHDOG_MAX)
		return -EINVAL;
	pthread_mutex_lock(&lock);
	limit = seconds;
	missed = 0;
	if (timerfd_settime(timer.fd, 0, &spec, NULL))
		die_errno("cannot set a timer");
	pthread_mutex_unlock(&lock);
	return 0;
}
