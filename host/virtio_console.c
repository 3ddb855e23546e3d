// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-console (virtio 1.2 section 5.3): one device, a port for each console
 * and for each stream.  Port 0 is hvc0 in the guest, port 2 hvc1, and so on.  Port 1,
 * named "stdin", is a plain stream: while the guest has it open, standard input
 * goes there, and the end of standard input closes it, so that a program reads
 * exactly the host's bytes and then end of file.  Otherwise input goes to the
 * console that reads standard input, if one does, and its end becomes ^D.
 *
 * Everything runs on the device thread or in a call, with dev.lock held.
 */
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "console_line.h"
#include "virtio_console.h"

/* Each buffer of a receive queue costs the guest a page. */
#define QUEUE_MAX	16
#define END_OF_INPUT	0x04

struct console con;

/* Which port gets the input of @source now; NULL: none. */
static struct line *reader(struct line *source)
{
	struct line *line = source;

	if (source == stream && !stream->open)
		line = con.stdin_console;
	return line && line->open ? line : NULL;
}

/* Passes the end of input on; true if that made more input. */
static bool pass_end(struct port *source, struct line *line)
{
	if (line == stream) {
		if (!line->told_end)
			control_owe(line, VIRTIO_CONSOLE_PORT_OPEN);
		control_send();
		return false;
	}
	if (line->told_end || (source == &stream->host && console_is_tty()))
		return false;
	line->told_end = true;
	source->buf[0] = END_OF_INPUT;
	source->at = 0;
	source->len = 1;
	return true;
}

static bool send_input(struct port *source, struct line *line)
{
	u32 done;

	if (!console_take(line->rx_queue))
		return false;
	done = virtq_fill(&con.chain, 0, source->buf + source->at,
			  source->len - source->at);
	source->at += done;
	virtio_push(&con.dev, line->rx_queue, con.chain.head, done);
	virtio_flush(&con.dev, line->rx_queue);
	return true;
}

/*
 * Moves input on as far as the guest has buffers for it.  A source is only
 * watched when all that was read is delivered: the rest waits in the host's
 * pipe, where its writer feels it.
 */
static void pump(struct line *from)
{
	struct port *source = &from->host;
	struct line *line = reader(from);
	short events = 0;

	if (is_output(from)) {
		stream_write(from);
		return;
	}
	while (line) {
		if (source->at < source->len) {
			if (!send_input(source, line))
				break;
		} else if (!source->at_end) {
			events = source->input.fd < 0 ? 0 : POLLIN;
			break;
		} else if (!pass_end(source, line)) {
			break;
		}
	}
	source->input.events = events;
}

/* A terminal may have a new size. */
static void check_size(struct line *line)
{
	u16 size[2];

	if (!virtio_running(&con.dev) || !port_size(&line->host, size) ||
	    !memcmp(size, line->size, sizeof(size)))
		return;
	memcpy(line->size, size, sizeof(size));
	if (line == console)
		virtio_change_config(&con.dev, 0, size, sizeof(size));
	control_owe(line, VIRTIO_CONSOLE_RESIZE);
	control_send();
}

static void on_input(struct event *event)
{
	struct line *line = event->owner;

	pthread_mutex_lock(&con.dev.lock);
	/* A reset may have come between poll() and here. */
	if (event->events && line->host.at == line->host.len) {
		port_read(&line->host);
		/* Nothing else tells that a pseudo terminal's has changed. */
		check_size(line);
		pump(line);
	}
	pthread_mutex_unlock(&con.dev.lock);
}

static void on_client(struct event *event)
{
	struct line *line = event->owner;

	pthread_mutex_lock(&con.dev.lock);
	port_accept(&line->host);
	pump(line);
	pthread_mutex_unlock(&con.dev.lock);
}

static void on_resize(struct event *event)
{
	unsigned int i;
	u64 count;

	if (read(event->fd, &count, sizeof(count)) < 0)
		return;
	pthread_mutex_lock(&con.dev.lock);
	for (i = 0; i < con.nr_lines; i++)
		check_size(&con.lines[i]);
	pthread_mutex_unlock(&con.dev.lock);
}

/* Streams have only one direction: what the guest writes to "stdin" is dropped. */
static void write_output(struct line *line)
{
	const unsigned int queue = line->rx_queue + 1;
	unsigned int i;

	if (is_output(line)) {
		stream_write(line);
		return;
	}
	while (console_take(queue)) {
		for (i = 0; i < con.chain.nr_out; i++)
			port_write(&line->host, con.chain.iov[i].iov_base,
				   con.chain.iov[i].iov_len);
		virtio_push(&con.dev, queue, con.chain.head, 0);
		virtio_flush(&con.dev, queue);
	}
}

static void read_messages(void)
{
	unsigned int i;

	control_read();
	for (i = 0; i < con.nr_lines; i++)
		pump(&con.lines[i]);
}

static void console_kick(struct virtio_dev *dev, unsigned int queue)
{
	struct line *line = queue < 2 ? console : &con.lines[queue / 2 - 1];

	(void)dev;
	if (queue == RX_CONTROL)
		control_send();
	else if (queue == TX_CONTROL)
		read_messages();
	else if (queue & 1)
		write_output(line);
	else
		pump(line == con.stdin_console ? stream : line);
}

static void console_reset(struct virtio_dev *dev)
{
	struct line *line;

	virtio_set_opened(dev, false);
	for (line = con.lines; line < con.lines + con.nr_lines; line++) {
		line->open = line->told_end = false;
		line->owed = 0;
		line->host.input.events = 0;
		line->holds = false;
	}
}

/* How many queues there are is known when the consoles are. */
static struct virtio_ops console_ops = {
	.name = "console",
	.id = VIRTIO_ID_CONSOLE,
	.queue_max = QUEUE_MAX,
	.features = 1ULL << VIRTIO_CONSOLE_F_SIZE |
		    1ULL << VIRTIO_CONSOLE_F_MULTIPORT,
	.config_len = sizeof(struct virtio_console_config),
	.reset = console_reset,
	.kick = console_kick,
};

static void watch(struct event *event, void (*fn)(struct event *event),
		  void *owner)
{
	event->fn = fn;
	event->owner = owner;
	event_add(event);
}

static void add_line(const struct port_spec *spec)
{
	const unsigned int nr = con.nr_lines++;
	struct line *line = &con.lines[nr];

	line->rx_queue = nr ? 2 * nr + 2 : RX_CONSOLE;
	port_open(&line->host, spec, nr - (line > stream));
	if (line->host.input.fd == STDIN_FILENO && line != stream) {
		con.stdin_console = line;
		line->host.input.fd = -1;
	}
	if (is_output(line))
		line->host.input.fd = line->host.out;
	watch(&line->host.input, is_output(line) ? stream_on_writable : on_input,
	      line);
	if (line->host.listener.fd >= 0)
		watch(&line->host.listener, on_client, line);
}

void virtio_console_add(struct vm *vm, const struct port_spec *specs,
			bool all_streams)
{
	static const struct port_spec streams[NR_STREAMS] = {
		{ "stdin", .kind = PORT_STREAM, .in = STDIN_FILENO, .out = -1 },
		{ "stdout", .kind = PORT_STREAM, .in = -1, .out = STDOUT_FILENO },
		{ "stderr", .kind = PORT_STREAM, .in = -1, .out = STDERR_FILENO },
	};
	struct virtio_console_config config;
	unsigned int i;

	add_line(&specs[0]);
	add_line(&streams[0]);
	for (i = 1; i < PORT_SPECS; i++) {
		if (specs[i].kind != PORT_NONE)
			add_line(&specs[i]);
	}
	for (i = 1; i < NR_STREAMS && all_streams; i++)
		add_line(&streams[i]);
	con.resize.fd = event_new_fd();
	con.resize.events = POLLIN;
	watch(&con.resize, on_resize, NULL);
	port_size(&console->host, console->size);
	config = (struct virtio_console_config){
		.cols = console->size[0],
		.rows = console->size[1],
		.max_nr_ports = con.nr_lines,
	};
	memcpy(con.dev.config, &config, sizeof(config));
	console_ops.nr_queues = 2 * con.nr_lines + 2;
	virtio_add(vm, &con.dev, &console_ops);
}

void virtio_console_resized(void)
{
	event_signal(con.resize.fd);
}

u64 virtio_console_started_ns(void)
{
	return con.dev.started_ns;
}
