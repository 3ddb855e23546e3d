// SPDX-License-Identifier: GPL-2.0
/*
 * Opens a network before the sandbox closes.  Without root: passt, which turns
 * the guest's connections into sockets of the host.  It is started here on one
 * end of a socket pair, and ends when the other is closed, whatever closes it.
 * With the administrator's help: a tap device.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "child.h"
#include "die.h"
#include "net.h"

#define BIT(feature)	(1ULL << VIRTIO_NET_F_##feature)

/* Its command line; forwarded ports are open for this host only. */
static char **passt_words(const struct net_spec *spec)
{
	static char *words[8 + 2 * NET_FORWARDS] = {
		"passt", "--quiet", "--fd", "3", "--mtu",
	};
	static char mtu[8], ports[NET_FORWARDS][32];
	unsigned int i, nr = 5;

	snprintf(mtu, sizeof(mtu), "%u", spec->mtu ? spec->mtu : NET_MTU_MAX);
	words[nr++] = mtu;
	for (i = 0; i < spec->nr_forwards; i++) {
		snprintf(ports[i], sizeof(ports[i]), "127.0.0.1/%u:%u",
			 spec->forwards[i].host, spec->forwards[i].guest);
		words[nr++] = spec->forwards[i].udp ? "--udp-ports" :
						      "--tcp-ports";
		words[nr++] = ports[i];
	}
	words[nr] = NULL;
	return words;
}

/*
 * passt goes into the background once its ports are open: it closes its
 * standard error, and what was started ends with 0.
 */
static void open_passt(struct net_link *link, const struct net_spec *spec)
{
	struct child passt;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) ||
	    fcntl(ends[0], F_SETFL, O_NONBLOCK))
		die_errno("--net user: cannot make a socket");
	child_start(&passt, passt_words(spec), ends[1], "--net user: passt",
		    "passt");
	if (child_wait(&passt))
		die("--net user: passt: %s", passt.why);
	link->stream = true;
	link->fd = ends[0];
}

static void open_tap(struct net_link *link, const char *dev)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int head_len = NET_HEAD_LEN;

	if (strlen(dev) >= sizeof(ifr.ifr_name))
		die("--net tap: dev=%s: the name is too long", dev);
	memcpy(ifr.ifr_name, dev, strlen(dev));
	link->fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (link->fd < 0)
		die_errno("--net tap: cannot open /dev/net/tun");
	if (ioctl(link->fd, TUNSETIFF, &ifr))
		die("--net tap: dev=%s: %s; make it first: ip tuntap add %s mode tap user $USER",
		    dev, strerror(errno), dev);
	if (ioctl(link->fd, TUNSETVNETHDRSZ, &head_len))
		die_errno("--net tap: dev=%s: no virtio headers", dev);
	link->features = BIT(CSUM) | BIT(HOST_TSO4) | BIT(HOST_TSO6) |
			 BIT(GUEST_CSUM) | BIT(GUEST_TSO4) | BIT(GUEST_TSO6);
}

struct net_link *link_open(const struct net_spec *spec)
{
	struct net_link *link = calloc(1, sizeof(*link));

	if (!link)
		die_errno("cannot make a network");
	if (spec->dev)
		open_tap(link, spec->dev);
	else
		open_passt(link, spec);
	return link;
}
