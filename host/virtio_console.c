// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-console (virtio 1.2 section 5.3) with two ports.  Port 0 is the
 * console, hvc0 in the guest.  Port 1, named "stdin", is a plain stream: while
 * the guest has it open, standard input goes there, and the end of standard
 * input closes it, so that a program reads exactly the host's bytes and then
 * end of file.  Otherwise input goes to the console, and its end becomes ^D.
 *
 * Everything runs on the device thread or in a call, with dev.lock held.
 */
#include <linux/virtio_console.h>
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "die.h"
#include "virtio.h"
#include "virtio_console.h"

enum { PORT_CONSOLE, PORT_STDIN, NR_PORTS };
enum {
	RX_CONSOLE, TX_CONSOLE, RX_CONTROL, TX_CONTROL, RX_STDIN, TX_STDIN,
	NR_QUEUES
};

/* Each buffer of a receive queue costs the guest a page. */
#define QUEUE_MAX	16
#define INPUT_LEN	4096
#define END_OF_INPUT	0x04

static const char port_name[] = "stdin";

/*
 * Messages owed to the driver, a bit by VIRTIO_CONSOLE_* and port: a set and
 * not a list, so a guest cannot make it grow.  They go out in this order;
 * NAME comes last, so that who sees the name also sees the port open.
 */
static const u8 message_order[] = {
	VIRTIO_CONSOLE_PORT_ADD, VIRTIO_CONSOLE_CONSOLE_PORT,
	VIRTIO_CONSOLE_RESIZE, VIRTIO_CONSOLE_PORT_OPEN,
	VIRTIO_CONSOLE_PORT_NAME,
};

static struct {
	struct virtio_dev dev;
	struct event input;
	struct event resize;
	bool console_input;
	bool open[NR_PORTS];		/* by the guest */
	u32 owed[NR_PORTS];
	bool at_end;			/* standard input has ended */
	bool sent_end;			/* the console has got its ^D */
	bool told_end;			/* port 1 was closed for that */
	size_t input_at;
	size_t input_len;
	u8 input_buf[INPUT_LEN];
	struct virtq_chain chain;
} con;

static const unsigned int rx_queue[NR_PORTS] = { RX_CONSOLE, RX_STDIN };

static bool take_chain(unsigned int queue)
{
	return virtio_take(&con.dev, queue, &con.chain);
}

static u16 host_open(unsigned int port)
{
	return port == PORT_CONSOLE || !con.at_end ||
	       con.input_at < con.input_len;
}

static void send_message(unsigned int port, u16 event)
{
	struct {
		struct virtio_console_control head;
		union {
			u16 size[2];
			char name[sizeof(port_name)];
		};
	} msg = { .head = { .id = port, .event = event, .value = 1 } };
	size_t len = sizeof(msg.head);

	if (event == VIRTIO_CONSOLE_PORT_OPEN) {
		msg.head.value = host_open(port);
		con.told_end |= !msg.head.value;
	}
	if (event == VIRTIO_CONSOLE_RESIZE) {
		if (!console_size(&msg.size[0], &msg.size[1]))
			memset(msg.size, 0, sizeof(msg.size));
		len += sizeof(msg.size);
	}
	if (event == VIRTIO_CONSOLE_PORT_NAME) {
		memcpy(msg.name, port_name, sizeof(port_name));
		len += strlen(port_name);
	}
	virtio_push(&con.dev, RX_CONTROL, con.chain.head,
		    virtq_fill(&con.chain, 0, &msg, len));
}

static void send_owed(void)
{
	unsigned int port, i;

	for (port = 0; port < NR_PORTS; port++) {
		for (i = 0; i < ARRAY_SIZE(message_order); i++) {
			u32 bit = 1U << message_order[i];

			if (!(con.owed[port] & bit))
				continue;
			if (!take_chain(RX_CONTROL))
				goto out;
			con.owed[port] &= ~bit;
			send_message(port, message_order[i]);
		}
	}
out:
	virtio_flush(&con.dev, RX_CONTROL);
}

static void owe(unsigned int port, u16 event)
{
	con.owed[port] |= 1U << event;
}

static int input_port(void)
{
	if (con.open[PORT_STDIN])
		return PORT_STDIN;
	return con.console_input && con.open[PORT_CONSOLE] ? PORT_CONSOLE : -1;
}

/* Passes the end of standard input on; true if that made more input. */
static bool pass_end(int port)
{
	if (port == PORT_STDIN) {
		if (!con.told_end)
			owe(PORT_STDIN, VIRTIO_CONSOLE_PORT_OPEN);
		send_owed();
		return false;
	}
	if (con.sent_end || console_is_tty())
		return false;
	con.sent_end = true;
	con.input_buf[0] = END_OF_INPUT;
	con.input_at = 0;
	con.input_len = 1;
	return true;
}

static bool send_input(int port)
{
	u32 done;

	if (!take_chain(rx_queue[port]))
		return false;
	done = virtq_fill(&con.chain, 0, con.input_buf + con.input_at,
			  con.input_len - con.input_at);
	con.input_at += done;
	virtio_push(&con.dev, rx_queue[port], con.chain.head, done);
	virtio_flush(&con.dev, rx_queue[port]);
	return true;
}

/*
 * Moves input on as far as the guest has buffers for it.  Standard input is
 * only watched when all that was read is delivered: the rest waits in the
 * host's pipe, where its writer feels it.
 */
static void pump(void)
{
	int port = input_port();
	short events = 0;

	while (port >= 0) {
		if (con.input_at < con.input_len) {
			if (!send_input(port))
				break;
		} else if (!con.at_end) {
			events = POLLIN;
			break;
		} else if (!pass_end(port)) {
			break;
		}
	}
	con.input.events = events;
}

static void on_input(struct event *event)
{
	ssize_t got;

	(void)event;
	pthread_mutex_lock(&con.dev.lock);
	/* A reset may have come between poll() and here. */
	if (con.input.events && con.input_at == con.input_len) {
		got = console_read(con.input_buf, sizeof(con.input_buf));
		con.at_end = !got;
		con.input_at = 0;
		con.input_len = got > 0 ? got : 0;
		pump();
	}
	pthread_mutex_unlock(&con.dev.lock);
}

static void on_resize(struct event *event)
{
	u16 size[2];
	u64 count;

	if (read(event->fd, &count, sizeof(count)) < 0)
		return;
	pthread_mutex_lock(&con.dev.lock);
	if (virtio_running(&con.dev) && console_size(&size[0], &size[1])) {
		virtio_change_config(&con.dev, 0, size, sizeof(size));
		owe(PORT_CONSOLE, VIRTIO_CONSOLE_RESIZE);
		send_owed();
	}
	pthread_mutex_unlock(&con.dev.lock);
}

static void write_output(void)
{
	unsigned int i;

	while (take_chain(TX_CONSOLE)) {
		for (i = 0; i < con.chain.nr_out; i++)
			console_write(con.chain.iov[i].iov_base,
				      con.chain.iov[i].iov_len);
		virtio_push(&con.dev, TX_CONSOLE, con.chain.head, 0);
		virtio_flush(&con.dev, TX_CONSOLE);
	}
}

/* Port 1 has only one direction: what the guest writes to it is dropped. */
static void drop_output(void)
{
	while (take_chain(TX_STDIN))
		virtio_push(&con.dev, TX_STDIN, con.chain.head, 0);
	virtio_flush(&con.dev, TX_STDIN);
}

static void port_ready(unsigned int port)
{
	u16 cols, rows;

	owe(port, VIRTIO_CONSOLE_PORT_OPEN);
	if (port == PORT_STDIN) {
		owe(port, VIRTIO_CONSOLE_PORT_NAME);
		return;
	}
	owe(port, VIRTIO_CONSOLE_CONSOLE_PORT);
	if (console_size(&cols, &rows))
		owe(port, VIRTIO_CONSOLE_RESIZE);
}

static void handle_message(const struct virtio_console_control *msg)
{
	if (msg->event == VIRTIO_CONSOLE_DEVICE_READY && msg->value) {
		owe(PORT_CONSOLE, VIRTIO_CONSOLE_PORT_ADD);
		owe(PORT_STDIN, VIRTIO_CONSOLE_PORT_ADD);
	}
	if (msg->id >= NR_PORTS)
		return;
	if (msg->event == VIRTIO_CONSOLE_PORT_READY && msg->value)
		port_ready(msg->id);
	if (msg->event != VIRTIO_CONSOLE_PORT_OPEN)
		return;
	con.open[msg->id] = msg->value;
	if (msg->id == PORT_CONSOLE)
		virtio_set_opened(&con.dev, msg->value);
}

static void read_messages(void)
{
	struct virtio_console_control msg;

	while (take_chain(TX_CONTROL)) {
		if (con.chain.nr_out &&
		    con.chain.iov[0].iov_len >= sizeof(msg)) {
			copy_once(&msg, con.chain.iov[0].iov_base, sizeof(msg));
			handle_message(&msg);
		}
		virtio_push(&con.dev, TX_CONTROL, con.chain.head, 0);
	}
	virtio_flush(&con.dev, TX_CONTROL);
	send_owed();
	pump();
}

static void console_kick(struct virtio_dev *dev, unsigned int queue)
{
	(void)dev;
	switch (queue) {
	case TX_CONSOLE:
		write_output();
		break;
	case TX_CONTROL:
		read_messages();
		break;
	case TX_STDIN:
		drop_output();
		break;
	case RX_CONTROL:
		send_owed();
		break;
	default:
		pump();
	}
}

static void console_start(struct virtio_dev *dev)
{
	unsigned int queue;

	/* The driver may have filled its queues before DRIVER_OK. */
	for (queue = 0; queue < NR_QUEUES; queue++)
		console_kick(dev, queue);
}

static void console_reset(struct virtio_dev *dev)
{
	virtio_set_opened(dev, false);
	memset(con.open, 0, sizeof(con.open));
	memset(con.owed, 0, sizeof(con.owed));
	con.sent_end = con.told_end = false;
	con.input.events = 0;
}

static const struct virtio_ops console_ops = {
	.name = "console",
	.id = VIRTIO_ID_CONSOLE,
	.nr_queues = NR_QUEUES,
	.queue_max = QUEUE_MAX,
	.features = 1ULL << VIRTIO_CONSOLE_F_SIZE |
		    1ULL << VIRTIO_CONSOLE_F_MULTIPORT,
	.config_len = sizeof(struct virtio_console_config),
	.start = console_start,
	.reset = console_reset,
	.kick = console_kick,
};

void virtio_console_add(struct vm *vm, bool console_input)
{
	struct virtio_console_config config = { .max_nr_ports = NR_PORTS };
	u16 cols, rows;

	if (console_size(&cols, &rows)) {
		config.cols = cols;
		config.rows = rows;
	}
	memcpy(con.dev.config, &config, sizeof(config));
	con.console_input = console_input;
	con.input.fd = STDIN_FILENO;
	con.input.fn = on_input;
	event_add(&con.input);
	con.resize.fd = event_new_fd();
	con.resize.events = POLLIN;
	con.resize.fn = on_resize;
	event_add(&con.resize);
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
