// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's command line, as it grows from the words of ours: quoted as the
 * kernel wants them, and with the words that it needs for UML's.
 */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "die.h"
#include "options.h"

static size_t append(struct options *opts, const char *text, size_t len)
{
	size_t used = strlen(opts->cmdline);

	if (len >= sizeof(opts->cmdline) - used)
		die("the kernel's command line is too long; at most %zu characters",
		    sizeof(opts->cmdline) - 1);
	memcpy(opts->cmdline + used, text, len);
	opts->cmdline[used + len] = '\0';
	return used + len;
}

/*
 * One word for the kernel.  Its parser splits at blanks but for those between
 * double quotes, which it removes around a value; it has no escape for a quote.
 */
void options_append(struct options *opts, const char *word)
{
	const char *value = strchr(word, '=');

	if (opts->cmdline[0])
		append(opts, " ", 1);
	if (!word[strcspn(word, " \t\n")] && *word) {
		append(opts, word, strlen(word));
		return;
	}
	if (strchr(word, '"'))
		die("%s: the kernel cannot take blanks and double quotes in one word",
		    word);
	value = value ? value + 1 : word;
	append(opts, word, value - word);
	append(opts, "\"", 1);
	append(opts, value, strlen(value));
	append(opts, "\"", 1);
}

/* Who may read the file that umid= makes, and root in the guest, know it. */
void options_append_key(struct options *opts)
{
	u64 key;

	if (getrandom(&key, sizeof(key), 0) != sizeof(key))
		die_errno("cannot get a random key");
	snprintf(opts->shell_key, sizeof(opts->shell_key), SHELL_KEY_WORD "%016llx", key);
	options_append(opts, opts->shell_key);
}

/* What follows @start in the first word that begins so. */
char *options_find_word(int argc, char **argv, const char *start)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strncmp(argv[i], start, strlen(start)))
			return argv[i] + strlen(start);
	}
	return NULL;
}

/*
 * UML's names for disks; and like UML, the first disk if nothing is said.  Of a
 * word that the kernel gets twice it takes the last.
 */
void options_append_root(struct options *opts, int argc, char **argv)
{
	bool is_dir = options_find_word(argc, argv, "rootfstype=hostfs");
	bool first = opts->disks[0].path || options_find_dir(opts, "ubda");
	char word[128] = "root=root";

	if (is_dir) {
		options_hostfs_root(opts, options_find_word(argc, argv, "rootflags="));
		options_append(opts, "rootflags=");
	} else if (opts->root || (first && !opts->initrd &&
				  !options_find_word(argc, argv, "root="))) {
		is_dir = options_root(opts, opts->root ? opts->root : "/dev/ubda",
				      word, sizeof(word));
	} else {
		return;
	}
	options_append(opts, word);
	if (is_dir)
		options_append(opts, "rootfstype=virtiofs");
}
