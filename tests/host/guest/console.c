// SPDX-License-Identifier: GPL-2.0
/*
 * console: drives virtio-console as the kernel's driver does.  "port=1" copies
 * port 1 to the console until it ends, anything else copies the console's
 * input until ^D.  Prints each control message that it gets.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_console.h>

#include "vq.h"

#define FEATURES	(1ULL << VIRTIO_F_VERSION_1 | \
			 1ULL << VIRTIO_CONSOLE_F_MULTIPORT)

static int port1, closed;

static void write_port0(const void *data, __u32 len)
{
	__u32 done;

	vq_offer_out(&vqs[TX0], 0, data, len);
	vq_ring(&vqs[TX0]);
	vq_wait(&vqs[TX0], &done);
}

static void send(__u32 id, __u16 event, __u16 value)
{
	const struct virtio_console_control msg = { id, event, value };
	__u32 done;

	vq_offer_out(&vqs[TX_CONTROL], 0, &msg, sizeof(msg));
	vq_ring(&vqs[TX_CONTROL]);
	vq_wait(&vqs[TX_CONTROL], &done);
}

static void on_message(const struct virtio_console_control *msg)
{
	static const char *const names[] = {
		"ready\n", "add\n", "remove\n", "port ready\n", "console\n",
		"resize\n", "open\n", "name\n",
	};

	print(msg->id ? "port 1 " : "port 0 ");
	if (msg->event == VIRTIO_CONSOLE_PORT_OPEN && !msg->value)
		print("not ");
	print(msg->event < 8 ? names[msg->event] : "?\n");
	if (msg->event == VIRTIO_CONSOLE_PORT_ADD)
		send(msg->id, VIRTIO_CONSOLE_PORT_READY, 1);
	if (msg->event == VIRTIO_CONSOLE_CONSOLE_PORT)
		send(msg->id, VIRTIO_CONSOLE_PORT_OPEN, !port1);
	if (msg->event == VIRTIO_CONSOLE_PORT_NAME && port1)
		send(msg->id, VIRTIO_CONSOLE_PORT_OPEN, 1);
	if (msg->id == 1 && msg->event == VIRTIO_CONSOLE_PORT_OPEN)
		closed = !msg->value;
}

/* Copies what is in a receive queue to the console; true after a ^D. */
static int copy_input(struct vq *vq)
{
	int end = 0;

	while (vq_ready(vq)) {
		__u32 len;
		__u16 slot = vq_wait(vq, &len);

		end = !port1 && len && vq->buffer[slot][len - 1] == 4;
		if (len - end)
			write_port0(vq->buffer[slot], len - end);
		vq_offer_in(vq, slot);
		vq_ring(vq);
	}
	return end;
}

static void fill(struct vq *vq)
{
	__u16 slot;

	for (slot = 0; slot < VQ_SIZE; slot++)
		vq_offer_in(vq, slot);
	vq_ring(vq);
}

void guest_main(const struct umkvm_boot *boot)
{
	struct vq *rx;
	__u32 len;

	(void)boot;
	port1 = word_is("port=", "1");
	rx = &vqs[port1 ? RX1 : RX0];
	if (vq_start(FEATURES))
		stop(8);
	fill(&vqs[RX0]);
	fill(&vqs[RX1]);
	fill(&vqs[RX_CONTROL]);
	send(0, VIRTIO_CONSOLE_DEVICE_READY, 1);
	while (!closed || vq_ready(rx)) {
		if (vq_ready(&vqs[RX_CONTROL])) {
			__u16 slot = vq_wait(&vqs[RX_CONTROL], &len);

			on_message((void *)vqs[RX_CONTROL].buffer[slot]);
			vq_offer_in(&vqs[RX_CONTROL], slot);
			vq_ring(&vqs[RX_CONTROL]);
		}
		if (copy_input(rx))
			break;
	}
	stop(0);
}
