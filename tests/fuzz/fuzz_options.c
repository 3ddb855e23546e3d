// SPDX-License-Identifier: GPL-2.0
/*
 * The option parser on any words: refused in one line, or a command line that
 * fits and still ends in a NUL.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "options.h"

#define WORDS_MAX	64

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	static struct options opts;
	static char *argv[WORDS_MAX + 1];
	char *words = malloc(len + 1);
	int argc = 1;
	size_t at;

	memcpy(words, data, len);
	words[len] = '\0';
	argv[0] = "linux";
	for (at = 0; at < len && argc < WORDS_MAX; at += strlen(words + at) + 1)
		argv[argc++] = words + at;
	argv[argc] = NULL;
	if (!DIES(options_parse(&opts, argc, argv)) &&
	    (strlen(opts.cmdline) >= sizeof(opts.cmdline) || !opts.mem_len))
		abort();
	free(words);
	return 0;
}
