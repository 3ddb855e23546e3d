/* SPDX-License-Identifier: GPL-2.0 */
/* For tests of the command line: what it becomes, or how it is refused. */
#ifndef TESTS_HOST_WORDS_H
#define TESTS_HOST_WORDS_H

#include <stdio.h>
#include <string.h>

#include "options.h"
#include "unit.h"

static struct options opts;

static char copies[16][4096];
static char *argv[ARRAY_SIZE(copies) + 1] = { "linux" };

/* The parser may write to its words, as to those of a real command line. */
static int copy_words(const char *const *words)
{
	int argc = 1;

	for (; words[argc - 1]; argc++) {
		snprintf(copies[argc - 1], sizeof(copies[0]), "%s",
			 words[argc - 1]);
		argv[argc] = copies[argc - 1];
	}
	argv[argc] = NULL;
	return argc;
}

static bool refused(const char *const *words)
{
	const int argc = copy_words(words);

	return DIES(options_parse(&opts, argc, argv));
}

#define WORDS(...)	((const char *const[]){ __VA_ARGS__, NULL })
#define assert_refused(why, ...)				\
do {								\
	assert_true(refused(WORDS(__VA_ARGS__)));		\
	assert_non_null(strstr(harness_message, why));		\
} while (0)
#define assert_cmdline(text, ...)				\
do {								\
	assert_false(refused(WORDS(__VA_ARGS__)));		\
	assert_string_equal(opts.cmdline, text);		\
} while (0)

#endif /* TESTS_HOST_WORDS_H */
