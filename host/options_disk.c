// SPDX-License-Identifier: GPL-2.0
/*
 * The words of the command line that are about disks.  UML's ubd0 or ubda is
 * the first one; the guest's kernel calls them vda, vdb, ... without gaps.  One
 * that is a directory is a file system of this tag there.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "die.h"
#include "options.h"

/* The number of a disk: 0 to 15 or a to p.  DISKS_MAX: it is neither. */
static unsigned int take_number(const char **at)
{
	unsigned long number = DISKS_MAX;
	char *end;

	if (isdigit((unsigned char)**at)) {
		number = strtoul(*at, &end, 10);
		*at = end;
	} else if (**at >= 'a' && **at < 'a' + DISKS_MAX) {
		number = *(*at)++ - 'a';
	}
	return number < DISKS_MAX ? number : DISKS_MAX;
}

static struct disk_options *add_disk(struct options *opts, unsigned int number,
				     const char *path, const char *word)
{
	struct disk_options *disk = &opts->disks[number];

	if (disk->path)
		die("%s=%s: this disk is %s already", word, path, disk->path);
	if (!path || !*path)
		die("%s: the name of a file is missing", word);
	snprintf(disk->name, sizeof(disk->name), "ubd%c", 'a' + number);
	disk->path = path;
	disk->id = disk->name;
	return disk;
}

bool options_ubd(struct options *opts, char *word)
{
	const char *at = word + strlen("ubd");
	char *value = strchr(word, '=');
	struct disk_options *disk;
	unsigned int number;
	char *backing;
	struct stat st;
	char *path;

	if (strncmp(word, "ubd", strlen("ubd")) || !value)
		return false;
	*value++ = '\0';
	number = take_number(&at);
	if (number == DISKS_MAX)
		die("%s=: a disk is ubd0 to ubd%d, or ubda to ubd%c", word,
		    DISKS_MAX - 1, 'a' + DISKS_MAX - 1);
	path = strsep(&value, ",:");
	backing = strsep(&value, ",:");
	disk = add_disk(opts, number, path, word);
	if (at[strspn(at, "rsdct")])
		die("%s=: the flags of a disk are r, s, d, c and t", word);
	if (backing && *backing)
		disk->backing = backing;
	/* It says that no file is copy-on-write. */
	if (disk->backing && strchr(at, 'd'))
		die("%s=%s,%s: with the flag d there is no backing file", word,
		    path, backing);
	disk->read_only = strchr(at, 'r');
	disk->sync = strchr(at, 's');
	disk->shared = strchr(at, 'c');
	disk->no_trim = strchr(at, 't');
	if (value && *value)
		disk->id = value;
	if (!disk->backing && !stat(path, &st) && S_ISDIR(st.st_mode)) {
		options_add_dir(opts, disk->name, path, disk->read_only);
		disk->path = NULL;
	}
	return true;
}

void options_disk(struct options *opts, char *value)
{
	const char *path = strsep(&value, ",");
	unsigned int number = DISKS_MAX;
	struct disk_options *disk;
	const char *word;

	while (number && !opts->disks[number - 1].path)
		number--;
	if (number == DISKS_MAX)
		die("--disk %s: more than %d disks", path, DISKS_MAX);
	disk = add_disk(opts, number, path, "--disk");
	while ((word = strsep(&value, ","))) {
		if (!strcmp(word, "ro"))
			disk->read_only = true;
		else if (!strcmp(word, "direct"))
			disk->direct = true;
		else if (!strncmp(word, "id=", strlen("id=")))
			disk->id = word + strlen("id=");
		else if (!strncmp(word, "backing=", strlen("backing=")))
			disk->backing = word + strlen("backing=");
		else
			die("--disk %s,%s: after FILE come ro, direct, id=NAME and backing=FILE",
			    path, word);
	}
}

bool options_root(const struct options *opts, const char *root, char *to,
		  size_t len)
{
	const char *at = root + strlen("/dev/ubd");
	unsigned int number = take_number(&at), i, rank = 0;

	snprintf(to, len, "root=ubd%c%s", 'a' + number, at);
	if (options_find_dir(opts, to + strlen("root=")))
		return true;
	if (number == DISKS_MAX || !opts->disks[number].path)
		die("root=%s: there is no such disk; ubd0=FILE makes /dev/ubda",
		    root);
	for (i = 0; i < number; i++)
		rank += opts->disks[i].path != NULL;
	snprintf(to, len, "root=/dev/vd%c%s", 'a' + rank, at);
	return false;
}
