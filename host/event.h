/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_EVENT_H
#define HOST_EVENT_H

#include <poll.h>
#include <stdatomic.h>

#include "util.h"

/*
 * One descriptor that the device thread watches.  fn runs on that thread.
 * events may be changed at any time by who owns the event; a change by another
 * thread takes effect after event_wake().
 */
struct event {
	int fd;
	atomic_short events;
	void (*fn)(struct event *event);
	void *owner;
};

void event_init(void);
void event_add(struct event *event);
void event_wake(void);

/* Starts the device thread; all events are added before. */
void event_start(void);

/* An eventfd for an event or an interrupt, or the end of the process. */
int event_new_fd(void);
void event_signal(int fd);

#endif /* HOST_EVENT_H */
