// SPDX-License-Identifier: GPL-2.0
/*
 * The device thread: waits for doorbells and input, calls the owner of each.
 * It uses poll() and not epoll, because standard input may be a regular file,
 * which epoll refuses and poll calls always readable.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "die.h"
#include "event.h"
#include "thread.h"

#define EVENTS_MAX	128

static struct event *events[EVENTS_MAX];
static unsigned int nr_events;
static struct event wake;
static pthread_t thread;

static void drain(struct event *event)
{
	u64 count;

	if (read(event->fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		die_errno("cannot read an eventfd");
}

int event_new_fd(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		die_errno("cannot make an eventfd");
	return fd;
}

void event_signal(int fd)
{
	const u64 one = 1;

	/* EAGAIN: the counter is full, so the other side knows already. */
	if (write(fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		warn("cannot write an eventfd: %s", strerror(errno));
}

void event_add(struct event *event)
{
	if (nr_events == EVENTS_MAX)
		die("too many devices: more than %d events", EVENTS_MAX);
	events[nr_events++] = event;
}

void event_init(void)
{
	wake.fd = event_new_fd();
	wake.events = POLLIN;
	wake.fn = drain;
	event_add(&wake);
}

void event_wake(void)
{
	event_signal(wake.fd);
}

static void event_thread(void *arg)
{
	struct pollfd fds[EVENTS_MAX];
	unsigned int i;

	(void)arg;
	for (;;) {
		for (i = 0; i < nr_events; i++) {
			/* Not wanted also means: no busy loop on POLLHUP. */
			fds[i].events = atomic_load(&events[i]->events);
			fds[i].fd = fds[i].events ? events[i]->fd : -1;
		}
		if (poll(fds, nr_events, -1) < 0 && errno != EINTR)
			die_errno("cannot wait for devices");
		for (i = 0; i < nr_events; i++) {
			if (fds[i].fd >= 0 && fds[i].revents)
				events[i]->fn(events[i]);
		}
	}
}

void event_start(void)
{
	thread_start(&thread, event_thread, NULL, "devices");
}
