// SPDX-License-Identifier: GPL-2.0
/*
 * The ports "stdout" and "stderr" of virtio-console: bytes for a descriptor of
 * the host, and nothing is dropped.  What the reader does not take stays in the
 * guest's buffers, so that the writer there waits and nobody else.  When the
 * reader is gone the port closes, which the guest makes a broken pipe.
 *
 * Everything but virtio_console_drain() runs with con.dev.lock held.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "console_line.h"
#include "die.h"
#include "virtio_console.h"

/* A pipe that is writable takes this much without blocking (PIPE_BUF). */
#define CHUNK_LEN	4096

static void close_port(struct line *line)
{
	if (errno != EPIPE)
		warn("%s: %s; to the guest it is a broken pipe",
		     line->host.spec->name, strerror(errno));
	line->host.out = -1;
	line->host.at_end = true;
	control_owe(line, VIRTIO_CONSOLE_PORT_OPEN);
	control_send();
}

/* False: the reader takes nothing now. */
static bool write_some(struct line *line)
{
	struct iovec *iov = &line->held.iov[line->next];
	struct pollfd fd = { .fd = line->host.out, .events = POLLOUT };
	ssize_t done = iov->iov_len;

	if (fd.fd >= 0) {
		if (poll(&fd, 1, 0) <= 0)
			return false;
		done = write(fd.fd, iov->iov_base,
			     min_u64(iov->iov_len, CHUNK_LEN));
	}
	if (done < 0) {
		if (errno != EAGAIN && errno != EINTR)
			close_port(line);
		return line->host.out < 0;
	}
	iov->iov_base = (u8 *)iov->iov_base + done;
	iov->iov_len -= done;
	line->next += !iov->iov_len;
	return true;
}

void stream_write(struct line *line)
{
	const unsigned int queue = line->rx_queue + 1;

	line->host.input.events = 0;
	while (line->holds || virtio_take(&con.dev, queue, &line->held)) {
		if (!line->holds)
			line->next = 0;
		line->holds = true;
		while (line->next < line->held.nr_out) {
			if (write_some(line))
				continue;
			line->host.input.events = POLLOUT;
			return;
		}
		line->holds = false;
		virtio_push(&con.dev, queue, line->held.head, 0);
		virtio_flush(&con.dev, queue);
	}
}

void stream_on_writable(struct event *event)
{
	pthread_mutex_lock(&con.dev.lock);
	/* A reset may have come between poll() and here. */
	if (event->events)
		stream_write(event->owner);
	pthread_mutex_unlock(&con.dev.lock);
}

void virtio_console_drain(void)
{
	struct line *line;
	bool more;

	for (line = con.lines; line < con.lines + con.nr_lines; line++) {
		struct pollfd fd = { .fd = line->host.out, .events = POLLOUT };

		do {
			pthread_mutex_lock(&con.dev.lock);
			if (is_output(line) && virtio_running(&con.dev))
				stream_write(line);
			more = line->holds;
			pthread_mutex_unlock(&con.dev.lock);
		} while (more && poll(&fd, 1, -1));
	}
}
