// SPDX-License-Identifier: GPL-2.0
/*
 * The command line of a network: "--net user,tcp=8080:80" and UML's
 * "vec0:transport=tap,ifname=tap0" are the same words in two spellings.  What
 * comes out is complete and in range.
 */
#include <stdio.h>
#include <string.h>

#include "die.h"
#include "net.h"

#define MTU_MIN	68	/* RFC 791 */

static bool set_mac(u8 *mac, const char *value)
{
	int len = 0;

	return sscanf(value, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", mac,
		      mac + 1, mac + 2, mac + 3, mac + 4, mac + 5, &len) == 6 &&
	       !value[len] && !(mac[0] & 1);
}

static bool add_forward(struct net_spec *spec, const char *value, bool udp)
{
	u16 host = take_count(&value, 65535), guest = host;

	if (*value == ':') {
		value++;
		guest = take_count(&value, 65535);
	}
	if (!host || !guest || *value || spec->nr_forwards == NET_FORWARDS)
		return false;
	spec->forwards[spec->nr_forwards].udp = udp;
	spec->forwards[spec->nr_forwards].host = host;
	spec->forwards[spec->nr_forwards++].guest = guest;
	return true;
}

static bool set_mtu(struct net_spec *spec, const char *value)
{
	spec->mtu = take_count(&value, NET_MTU_MAX);
	return spec->mtu >= MTU_MIN && !*value;
}

static bool set_vhost(struct net_spec *spec, const char *value)
{
	spec->vhost = strcmp(value, "on") ? NET_VHOST_OFF : NET_VHOST_ON;
	return !strcmp(value, "on") || !strcmp(value, "off");
}

/* False: the value is not one that this key can have. */
static bool set(struct net_spec *spec, const char *label, const char *key,
		const char *value)
{
	/* These tune UML's driver and mean nothing here. */
	static const char *const ignored[] = { "depth", "gro", "headroom", "vec" };
	size_t i;

	if (!strcmp(key, "dev") || !strcmp(key, "ifname")) {
		spec->dev = value;
		return *value;
	}
	if (!strcmp(key, "mac"))
		return set_mac(spec->mac, value);
	if (!strcmp(key, "mtu"))
		return set_mtu(spec, value);
	if (!strcmp(key, "vhost"))
		return set_vhost(spec, value);
	if (!strcmp(key, "tcp") || !strcmp(key, "udp"))
		return add_forward(spec, value, *key == 'u');
	for (i = 0; i < ARRAY_SIZE(ignored); i++) {
		if (!strcmp(key, ignored[i]))
			return true;
	}
	die("%s: %s=: unknown; see linux(1)", label, key);
}

void net_parse(struct net_spec *spec, const char *label, char *text)
{
	const char *kind = "";
	char *word, *value;

	*spec = (struct net_spec){ 0 };
	while ((word = strsep(&text, ","))) {
		value = strchr(word, '=');
		if (!value) {
			kind = word;
			continue;
		}
		*value++ = '\0';
		if (!strcmp(word, "transport"))
			kind = value;
		else if (!set(spec, label, word, value))
			die("%s: %s=%s: not a value for it; see linux(1)", label,
			    word, value);
	}
	if (strcmp(kind, "user") && strcmp(kind, "tap"))
		die("%s: \"%s\": no such network; this version knows user and tap",
		    label, kind);
	if (*kind == 't' && !spec->dev)
		die("%s: tap: the name of the host's device is missing: dev=NAME",
		    label);
	if (*kind == 'u' ? spec->dev || spec->vhost : !!spec->nr_forwards)
		die("%s: dev= and vhost= go with tap, tcp= and udp= go with user",
		    label);
}
