// SPDX-License-Identifier: GPL-2.0
/*
 * The relay's options: those of tests/bed/bed, and where that keeps things.
 */
#include <getopt.h>
#include <stdlib.h>

#include "relay.h"

enum {
	OPT_BASE = 1, OPT_STATE, OPT_LOG, OPT_SMP, OPT_MEM, OPT_TIMEOUT,
	OPT_FILE, OPT_DRIVE, OPT_ICOUNT, OPT_INTEL, OPT_SAVE,
	OPT_TURNS,
};

static const struct option long_options[] = {
	{ "base",	required_argument,	NULL, OPT_BASE },
	{ "state",	required_argument,	NULL, OPT_STATE },
	{ "log",	required_argument,	NULL, OPT_LOG },
	{ "smp",	required_argument,	NULL, OPT_SMP },
	{ "mem",	required_argument,	NULL, OPT_MEM },
	{ "timeout",	required_argument,	NULL, OPT_TIMEOUT },
	{ "file",	required_argument,	NULL, OPT_FILE },
	{ "drive",	required_argument,	NULL, OPT_DRIVE },
	{ "icount",	no_argument,		NULL, OPT_ICOUNT },
	{ "intel",	no_argument,		NULL, OPT_INTEL },
	{ "save",	no_argument,		NULL, OPT_SAVE },
	{ "turns",	no_argument,		NULL, OPT_TURNS },
	{ 0 }
};

static unsigned int number(const char *name, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n > 1000000)
		bed_die("--%s %s: not a number", name, text);
	return n;
}

static void add_file(struct options *o, const char *name)
{
	if (o->nr_files == JOB_FILES_MAX)
		bed_die("more than %d files", JOB_FILES_MAX);
	o->file[o->nr_files++] = name;
}

static void set(struct options *o, int option, const char *value)
{
	switch (option) {
	case OPT_BASE:
		o->base = value;
		break;
	case OPT_STATE:
		o->state = value;
		break;
	case OPT_LOG:
		o->log = value;
		break;
	case OPT_SMP:
		o->smp = number("smp", value);
		break;
	case OPT_MEM:
		o->mem = number("mem", value);
		break;
	case OPT_TIMEOUT:
		o->timeout = number("timeout", value);
		break;
	case OPT_FILE:
		add_file(o, value);
		break;
	case OPT_DRIVE:
		o->drive = value;
		break;
	case OPT_ICOUNT:
		o->icount = true;
		break;
	case OPT_INTEL:
		o->intel = true;
		break;
	case OPT_SAVE:
		o->save = true;
		break;
	case OPT_TURNS:
		o->turns = true;
		break;
	default:
		exit(BED_FAILED);
	}
}

void options_parse(struct options *o, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "+", long_options, NULL)) != -1)
		set(o, option, optarg);
	o->argv = argv + optind;
	o->argc = argc - optind;
}
