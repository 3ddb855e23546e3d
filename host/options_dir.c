// SPDX-License-Identifier: GPL-2.0
/*
 * The words of the command line that are about directories: "--dir", and what
 * UML has for its hostfs.  The guest knows each by a tag.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "die.h"
#include "options.h"

const struct dir_options *options_find_dir(const struct options *opts,
					   const char *tag)
{
	unsigned int i;

	for (i = 0; i < opts->nr_dirs; i++) {
		if (!strcmp(opts->dirs[i].tag, tag))
			return &opts->dirs[i];
	}
	return NULL;
}

/* @path: "DIRECTORY[,ro]", which is taken apart. */
void options_add_dir(struct options *opts, const char *tag, char *path,
		     bool read_only)
{
	char *flag = path;

	strsep(&flag, ",");
	if (!*tag || strlen(tag) > DIR_TAG_MAX || !*path ||
	    (flag && strcmp(flag, "ro")))
		die("--dir %s=%s%s%s: write TAG=DIRECTORY or TAG=DIRECTORY,ro; the tag has at most %zu characters",
		    tag, path, flag ? "," : "", flag ? flag : "", DIR_TAG_MAX);
	if (options_find_dir(opts, tag))
		die("--dir %s=%s: there is a directory of this name already",
		    tag, path);
	if (opts->nr_dirs == DIRS_MAX)
		die("--dir %s=%s: more than %d directories", tag, path, DIRS_MAX);
	opts->dirs[opts->nr_dirs++] = (struct dir_options){
		.tag = tag,
		.path = path,
		.read_only = read_only || flag,
	};
}

void options_dir(struct options *opts, char *value)
{
	char *path = value;
	const char *tag = strsep(&path, "=");

	options_add_dir(opts, tag, path ? path : "", false);
}

void options_hostfs(struct options *opts, char *value)
{
	options_add_dir(opts, "hostfs", value, false);
}

void options_hostfs_root(struct options *opts, char *path)
{
	const struct dir_options *top = options_find_dir(opts, "hostfs");
	static char below[PATH_MAX];

	snprintf(below, sizeof(below), "%s%s", top ? top->path : "",
		 path && *path ? path : "/");
	options_add_dir(opts, "root", below, top && top->read_only);
}
