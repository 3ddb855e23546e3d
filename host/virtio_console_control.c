// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-console's conversation with the driver (virtio 1.2 section 5.3.6.2):
 * which ports there are, which of them are consoles, who has opened what.
 * Everything runs with con.dev.lock held.
 */
#include <string.h>

#include "console_line.h"

/*
 * Messages owed to the driver, a bit by VIRTIO_CONSOLE_* and port: a set and
 * not a list, so a guest cannot make it grow.  They go out in this order, port
 * by port; NAME comes last, so that who sees the name also sees the port open.
 */
static const u8 message_order[] = {
	VIRTIO_CONSOLE_PORT_ADD, VIRTIO_CONSOLE_CONSOLE_PORT,
	VIRTIO_CONSOLE_RESIZE, VIRTIO_CONSOLE_PORT_OPEN,
	VIRTIO_CONSOLE_PORT_NAME,
};

static void send_message(struct line *line, u16 event)
{
	struct {
		struct virtio_console_control head;
		union {
			u16 size[2];
			char name[PORT_NAME_LEN];
		};
	} msg = { .head = { line - con.lines, event, 1 } };
	size_t len = sizeof(msg.head);

	if (event == VIRTIO_CONSOLE_PORT_OPEN && is_stream(line)) {
		msg.head.value = !line->host.at_end ||
				 line->host.at < line->host.len;
		line->told_end |= !msg.head.value;
	}
	if (event == VIRTIO_CONSOLE_RESIZE) {
		memcpy(msg.size, line->size, sizeof(msg.size));
		len += sizeof(msg.size);
	}
	if (event == VIRTIO_CONSOLE_PORT_NAME) {
		memcpy(msg.name, line->host.spec->name, sizeof(msg.name));
		len += strlen(msg.name);
	}
	virtio_push(&con.dev, RX_CONTROL, con.chain.head,
		    virtq_fill(&con.chain, 0, &msg, len));
}

void control_owe(struct line *line, u16 event)
{
	line->owed |= 1U << event;
}

void control_send(void)
{
	struct line *line;
	unsigned int i;

	for (line = con.lines; line < con.lines + con.nr_lines; line++) {
		for (i = 0; i < ARRAY_SIZE(message_order); i++) {
			u32 bit = 1U << message_order[i];

			if (!(line->owed & bit))
				continue;
			if (!console_take(RX_CONTROL))
				goto out;
			line->owed &= ~bit;
			send_message(line, message_order[i]);
		}
	}
out:
	virtio_flush(&con.dev, RX_CONTROL);
}

static void port_ready(struct line *line)
{
	control_owe(line, VIRTIO_CONSOLE_PORT_OPEN);
	if (line != console)
		control_owe(line, VIRTIO_CONSOLE_PORT_NAME);
	if (is_stream(line))
		return;
	control_owe(line, VIRTIO_CONSOLE_CONSOLE_PORT);
	if (port_size(&line->host, line->size))
		control_owe(line, VIRTIO_CONSOLE_RESIZE);
}

/* The kernel waits until all consoles are open before anybody uses one. */
static void set_open(struct line *line, bool open)
{
	bool all = true;
	unsigned int i;

	line->open = open;
	for (i = 0; i < con.nr_lines; i++)
		all &= con.lines[i].open || is_stream(&con.lines[i]);
	virtio_set_opened(&con.dev, all);
}

static void handle_message(const struct virtio_console_control *msg)
{
	unsigned int i;

	if (msg->event == VIRTIO_CONSOLE_DEVICE_READY && msg->value) {
		for (i = 0; i < con.nr_lines; i++)
			control_owe(&con.lines[i], VIRTIO_CONSOLE_PORT_ADD);
	}
	if (msg->id >= con.nr_lines)
		return;
	if (msg->event == VIRTIO_CONSOLE_PORT_READY && msg->value)
		port_ready(&con.lines[msg->id]);
	if (msg->event == VIRTIO_CONSOLE_PORT_OPEN)
		set_open(&con.lines[msg->id], msg->value);
}

void control_read(void)
{
	struct virtio_console_control msg;

	while (console_take(TX_CONTROL)) {
		if (con.chain.nr_out &&
		    con.chain.iov[0].iov_len >= sizeof(msg)) {
			copy_once(&msg, con.chain.iov[0].iov_base, sizeof(msg));
			handle_message(&msg);
		}
		virtio_push(&con.dev, TX_CONTROL, con.chain.head, 0);
	}
	virtio_flush(&con.dev, TX_CONTROL);
	control_send();
}
