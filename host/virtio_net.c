// SPDX-License-Identifier: GPL-2.0
/*
 * virtio-net (virtio 1.2 section 5.1): one queue in each direction, and a link
 * (net.h) on the host's side.  Where it can, the host's kernel moves the frames
 * of a tap (vhost.h); the rest of this is about all others.  Nothing is lost where
 * the link can wait: it is read only while the guest has buffers, and the transmit
 * queue is left alone while the link takes nothing.
 *
 * Everything runs on the device thread or in a call, with dev.lock held.
 */
#include <linux/vhost.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>

#include "die.h"
#include "vhost.h"
#include "virtio_net.h"

enum { RX, TX, NR_QUEUES };

#define QUEUE_MAX	128
#define BIT(feature)	(1ULL << VIRTIO_NET_F_##feature)
#define STATUS		offsetof(struct virtio_net_config, status)

/* One turn of the device thread: other devices want theirs, too. */
#define READS_MAX	16
#define SENDS_MAX	256

/*
 * @frame:	has come from the link, its first @done bytes are in buffers of
 *		the guest already; no data: there is none
 * @first:	the first of these @nr_buffers; the number goes into its header
 */
struct net {
	struct virtio_dev dev;
	struct virtio_ops ops;
	struct vhost vhost;
	struct net_link *link;
	struct event event;
	struct net_frame frame;
	size_t done;
	u16 nr_buffers;
	struct virtq_chain first;
	struct virtq_chain chain;
	u64 frames_in, frames_out, dropped;
};

static struct net *to_net(const struct virtio_dev *dev)
{
	return (struct net *)((u8 *)dev - offsetof(struct net, dev));
}

static size_t total(const struct iovec *iov, unsigned int nr)
{
	size_t len = 0;

	while (nr--)
		len += iov[nr].iov_len;
	return len;
}

/*
 * One more buffer for the frame; false: the guest has none now.  A driver that
 * merges none gets a frame whole or, completed with nothing in it, not at all.
 */
static bool use_buffer(struct net *net, bool merge)
{
	struct virtq_chain *chain = net->nr_buffers ? &net->chain : &net->first;
	size_t head = net->nr_buffers ? 0 : NET_HEAD_LEN;
	size_t rest = net->frame.len - net->done, part;

	if (!virtio_take(&net->dev, RX, chain))
		return false;
	if (total(chain->iov + chain->nr_out, chain->nr_in) < NET_HEAD_LEN) {
		virtio_break(&net->dev, RX, "a buffer has no room for a header");
		return false;
	}
	virtq_fill(chain, 0, &net->frame.head, head);
	part = virtq_fill(chain, head, net->frame.data + net->done, rest);
	net->done += part;
	net->nr_buffers++;
	virtq_put(&net->dev.queues[RX].vq, chain->head,
		  merge || part == rest ? head + part : 0);
	return true;
}

/*
 * Spreads the frame over as many buffers as it needs; the driver sees all of
 * them at once.  False: the guest has to give more.
 */
static bool deliver(struct net *net)
{
	const bool merge = net->dev.features & BIT(MRG_RXBUF);

	do {
		if (!use_buffer(net, merge))
			return false;
	} while (merge && net->done < net->frame.len);
	virtq_fill(&net->first, offsetof(struct virtio_net_hdr_v1, num_buffers),
		   &net->nr_buffers, sizeof(net->nr_buffers));
	virtq_publish(&net->dev.queues[RX].vq);
	if (net->done == net->frame.len)
		net->frames_in++;
	else
		net->dropped++;
	net->frame.data = NULL;
	net->done = net->nr_buffers = 0;
	return true;
}

static bool get_frame(struct net *net, unsigned int *reads)
{
	while (!net->frame.data && !link_next(net->link, &net->frame)) {
		if (!*reads || !link_read(net->link))
			return false;
		--*reads;
	}
	return true;
}

/* Returns what the link is to be watched for. */
static short pump_in(struct net *net)
{
	unsigned int reads = READS_MAX;
	short events = POLLIN;

	while (get_frame(net, &reads)) {
		if (!deliver(net)) {
			events = 0;
			break;
		}
	}
	virtio_flush(&net->dev, RX);
	return events;
}

static void send_frame(struct net *net)
{
	const struct virtq_chain *chain = &net->chain;
	size_t len = total(chain->iov, chain->nr_out);

	if (len >= NET_HEAD_LEN + ETH_HLEN &&
	    len <= NET_HEAD_LEN + NET_FRAME_MAX &&
	    link_send(net->link, chain->iov, chain->nr_out))
		net->frames_out++;
	else
		net->dropped++;
	virtio_push(&net->dev, TX, chain->head, 0);
}

static short pump_out(struct net *net)
{
	unsigned int sends = 0;
	short events = POLLOUT;

	while (link_flush(net->link) && sends++ < SENDS_MAX) {
		if (!virtio_take(&net->dev, TX, &net->chain)) {
			events = 0;
			break;
		}
		send_frame(net);
	}
	virtio_flush(&net->dev, TX);
	return events;
}

static void pump(struct net *net)
{
	const u16 down = 0;
	short events = 0;

	if (virtio_running(&net->dev))
		events = pump_in(net) | pump_out(net);
	if (net->link->gone && net->dev.config[STATUS])
		virtio_change_config(&net->dev, STATUS, &down, sizeof(down));
	/* What the guest sends is taken still, and thrown away. */
	if (net->link->gone)
		events &= ~POLLIN;
	net->event.events = events;
}

static void on_event(struct event *event)
{
	struct net *net = event->owner;

	pthread_mutex_lock(&net->dev.lock);
	pump(net);
	pthread_mutex_unlock(&net->dev.lock);
}

static void net_kick(struct virtio_dev *dev, unsigned int queue)
{
	(void)queue;
	pump(to_net(dev));
}

static void net_start(struct virtio_dev *dev)
{
	link_set_offloads(to_net(dev)->link, dev->features);
	pump(to_net(dev));
}

/* A frame that waits for buffers waits for the next driver. */
static void net_reset(struct virtio_dev *dev)
{
	struct net *net = to_net(dev);

	net->done = net->nr_buffers = 0;
	net->event.events = 0;
}

static void net_stats(const struct virtio_dev *dev)
{
	const struct net *net = to_net(dev);

	print_err("stats: device%u.frames_in: %llu\n"
		  "stats: device%u.frames_out: %llu\n"
		  "stats: device%u.frames_dropped: %llu\n",
		  dev->index, net->frames_in, dev->index, net->frames_out,
		  dev->index, net->dropped);
}

static const struct virtio_ops net_ops = {
	.name = "net",
	.id = VIRTIO_ID_NET,
	.nr_queues = NR_QUEUES,
	.queue_max = QUEUE_MAX,
	.features = BIT(MAC) | BIT(STATUS) | BIT(MRG_RXBUF),
	.config_len = offsetof(struct virtio_net_config, speed),
	.start = net_start,
	.reset = net_reset,
	.kick = net_kick,
	.print_stats = net_stats,
};

static bool run_vhost(struct vhost *vhost, bool on)
{
	struct vhost_vring_file file = {
		.fd = on ? to_net(vhost->dev)->link->fd : VHOST_FILE_UNBIND,
	};

	for (; file.index < NR_QUEUES; file.index++) {
		if (ioctl(vhost->fd, VHOST_NET_SET_BACKEND, &file))
			return false;
	}
	return true;
}

static void start_vhost(struct virtio_dev *dev)
{
	link_set_offloads(to_net(dev)->link, dev->features);
	vhost_start(&to_net(dev)->vhost);
}

static void reset_vhost(struct virtio_dev *dev)
{
	vhost_stop(&to_net(dev)->vhost);
}

/* False: the link is for the shim. */
static bool add_vhost(struct vm *vm, struct net *net, enum net_vhost wanted)
{
	if (net->link->stream || wanted == NET_VHOST_OFF ||
	    !vhost_open(&net->vhost, "net", wanted == NET_VHOST_ON ?
			"--net tap,vhost=on" : NULL))
		return false;
	net->ops.start = start_vhost;
	net->ops.reset = reset_vhost;
	net->ops.print_stats = NULL;
	net->vhost.run = run_vhost;
	vhost_add(vm, &net->vhost, &net->dev, &net->ops);
	return true;
}

static void set_config(struct net *net, const struct net_spec *spec)
{
	static const u8 none[ETH_ALEN];
	struct virtio_net_config config = {
		.status = VIRTIO_NET_S_LINK_UP,
		.mtu = spec->mtu || spec->dev ? spec->mtu : NET_MTU_MAX,
	};

	memcpy(config.mac, spec->mac, ETH_ALEN);
	if (!memcmp(config.mac, none, ETH_ALEN)) {
		if (getrandom(config.mac, ETH_ALEN, 0) != ETH_ALEN)
			die_errno("cannot get a random MAC address");
		/* of one device, and not a manufacturer's */
		config.mac[0] = (config.mac[0] & ~1) | 2;
	}
	memcpy(net->dev.config, &config, sizeof(config));
	net->ops.features |= net->link->features | (config.mtu ? BIT(MTU) : 0);
}

void virtio_net_add(struct vm *vm, const struct net_spec *spec)
{
	struct net *net = calloc(1, sizeof(*net));

	if (!net)
		die_errno("cannot make a network");
	net->ops = net_ops;
	net->link = link_open(spec);
	set_config(net, spec);
	if (add_vhost(vm, net, spec->vhost))
		return;
	net->event.fd = net->link->fd;
	net->event.fn = on_event;
	net->event.owner = net;
	event_add(&net->event);
	virtio_add(vm, &net->dev, &net->ops);
}
