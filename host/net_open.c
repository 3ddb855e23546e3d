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
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "die.h"
#include "net.h"

#define PASST_FD	3	/* its end, in passt */
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

static pid_t start_passt(char **words, int fd, int errors)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	pid_t pid;

	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&files, errors, 2);
	posix_spawn_file_actions_adddup2(&files, fd, PASST_FD);
	errno = posix_spawnp(&pid, words[0], &files, &attr, words, environ);
	if (errno == ENOENT)
		die("--net user: passt is not installed: apt-get install passt");
	if (errno)
		die_errno("--net user: cannot start passt");
	return pid;
}

/*
 * passt goes into the background once its ports are open: it closes its
 * standard error, and what was started ends with 0.  Otherwise the last line
 * says why; it also complains when there is no system logger.
 */
static void wait_passt(pid_t pid, int errors)
{
	char line[512], why[sizeof(line)] = "it does not say why";
	FILE *lines = fdopen(errors, "r");
	int status;

	while (lines && fgets(line, sizeof(line), lines)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && !strstr(line, "to syslog"))
			memcpy(why, line, sizeof(why));
	}
	if (!lines || waitpid(pid, &status, 0) < 0)
		die_errno("--net user: cannot wait for passt");
	if (status)
		die("--net user: passt: %s", why);
	fclose(lines);
}

static void open_passt(struct net_link *link, const struct net_spec *spec)
{
	int ends[2], errors[2];
	pid_t pid;

	if (pipe2(errors, O_CLOEXEC) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) ||
	    fcntl(ends[0], F_SETFL, O_NONBLOCK))
		die_errno("--net user: cannot make a socket");
	pid = start_passt(passt_words(spec), ends[1], errors[1]);
	close(ends[1]);
	close(errors[1]);
	wait_passt(pid, errors[0]);
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
