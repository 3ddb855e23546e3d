// SPDX-License-Identifier: GPL-2.0
/*
 * The words of the command line that are about consoles, in UML's spelling:
 * con0 to con7, then ssl0 to ssl7.  Of all 16, those that exist are hvc0, hvc1,
 * ... of the guest in this order, without gaps; there may be PORTS_MAX.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "port.h"

#define CHANNELS	"null, none, pty, fd:N,fd:N, file:PATH, unix:PATH and port:N"

/* "null" or "fd:N" at *@at, which moves behind it. */
static bool take_fd(const char **at, int *fd)
{
	unsigned long number;
	char *end;

	*fd = -1;
	if (!strncmp(*at, "null", strlen("null"))) {
		*at += strlen("null");
		return true;
	}
	if (strncmp(*at, "fd:", strlen("fd:")) ||
	    !isdigit((unsigned char)(*at)[strlen("fd:")]))
		return false;
	number = strtoul(*at + strlen("fd:"), &end, 10);
	*at = end;
	*fd = number;
	return number <= 65535;
}

/* One for both directions, or one for input and one for output. */
static bool parse_fds(struct port_spec *spec)
{
	const char *at = spec->value;

	if (!take_fd(&at, &spec->in))
		return false;
	spec->out = spec->in;
	return (*at != ',' || (at++, take_fd(&at, &spec->out))) && !*at;
}

static bool parse_tcp(struct port_spec *spec, const char *value)
{
	spec->tcp = take_count(&value, 65535);
	return spec->tcp && !*value;
}

static bool parse_channel(struct port_spec *spec)
{
	static const struct {
		const char *start;
		enum port_kind kind;
	} kinds[] = {
		{ "none", PORT_NONE }, { "pty", PORT_PTY }, { "pts", PORT_PTY },
		{ "port:", PORT_TCP }, { "unix:", PORT_UNIX },
		{ "file:", PORT_FILE }, { "", PORT_FDS },
	};
	size_t i = 0;

	while (strncmp(spec->value, kinds[i].start, strlen(kinds[i].start)))
		i++;
	spec->kind = kinds[i].kind;
	spec->path = spec->value + strlen(kinds[i].start);
	if (spec->kind == PORT_FDS)
		return parse_fds(spec);
	if (spec->kind == PORT_TCP)
		return parse_tcp(spec, spec->path);
	return !*spec->path == (spec->kind <= PORT_PTY);
}

static void set(struct port_spec *spec, const char *value)
{
	spec->value = value;
	if (!parse_channel(spec))
		die("%s=%s: not a channel; this version knows " CHANNELS,
		    spec->name, value);
}

/* Now, while what is open is what we were started with; passt must not get it. */
static void check_fd(const struct port_spec *spec, int fd)
{
	if (fd > STDERR_FILENO && fcntl(fd, F_SETFD, FD_CLOEXEC))
		die("%s=%s: descriptor %d is not open; open it for linux: %d<>FILE",
		    spec->name, spec->value, fd, fd);
}

void port_defaults(struct port_spec specs[PORT_SPECS])
{
	unsigned int i;

	for (i = 0; i < PORT_SPECS; i++) {
		specs[i].by_name = false;
		snprintf(specs[i].name, sizeof(specs[i].name), "%s%u",
			 i < PORTS_MAX ? "con" : "ssl", i % PORTS_MAX);
		set(&specs[i], i ? "none" : "fd:0,fd:1");
	}
}

bool port_parse(struct port_spec specs[PORT_SPECS], char *word)
{
	struct port_spec *spec = specs, *end;
	unsigned long number;
	char *value;

	if (!strncmp(word, "ssl", strlen("ssl")))
		spec += PORTS_MAX;
	else if (strncmp(word, "con", strlen("con")))
		return false;
	number = strtoul(word + strlen("con"), &value, 10);
	if (*value != '=' || !strchr("=0123456789", word[strlen("con")]))
		return false;
	*value++ = '\0';
	if (number >= PORTS_MAX)
		die("%s=: consoles are con0 to con%d and ssl0 to ssl%d", word,
		    PORTS_MAX - 1, PORTS_MAX - 1);
	if (word[strlen("con")]) {
		set(&spec[number], value);
		spec[number].by_name = true;
		return true;
	}
	for (end = spec + PORTS_MAX; spec < end; spec++) {
		if (!spec->by_name)
			set(spec, value);
	}
	return true;
}

void port_check(const struct port_spec specs[PORT_SPECS])
{
	unsigned int i, j, nr = 0;

	if (specs->kind == PORT_NONE)
		die("con0=none: the kernel needs this one; write con0=null");
	for (i = 0; i < PORT_SPECS; i++) {
		nr += specs[i].kind != PORT_NONE;
		if (nr > PORTS_MAX)
			die("%s=%s: more than %d consoles", specs[i].name,
			    specs[i].value, PORTS_MAX);
		if (specs[i].kind != PORT_FDS)
			continue;
		check_fd(&specs[i], specs[i].in);
		check_fd(&specs[i], specs[i].out);
		for (j = 0; j < i; j++) {
			if (specs[j].kind == PORT_FDS && specs[i].in >= 0 &&
			    specs[j].in == specs[i].in)
				die("%s=%s: %s reads fd:%d already; write for example %s=null,fd:1",
				    specs[i].name, specs[i].value, specs[j].name,
				    specs[i].in, specs[j].name);
		}
	}
}
