// SPDX-License-Identifier: GPL-2.0
/*
 * The command line, in UML's spelling.  What is in the table is the shim's and
 * is eaten; "--anything" that is not is a mistake; all the rest goes to the
 * kernel word for word, and what follows "--" goes to the first program.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "hide.h"
#include "options.h"
#include "virtio_vsock.h"

#define MEM_DEFAULT	MIB(256)
#define MEM_MAX		GIB(1024)
#define UMID_MAX	64
#define DEFAULT_CONSOLE	"console=hvc0"
#define UML_ROOT	"root=/dev/ubd"

static void set_mem(struct options *opts, char *value)
{
	unsigned long long count;
	unsigned int shift = 0;
	char *end;

	errno = 0;
	count = strtoull(value, &end, 10);
	switch (toupper((unsigned char)*end)) {
	case 'T':
		shift += 10;
		/* fall through */
	case 'G':
		shift += 10;
		/* fall through */
	case 'M':
		shift += 10;
		/* fall through */
	case 'K':
		shift += 10;
		end++;
	}
	if (!isdigit((unsigned char)*value) || *end)
		die("mem=%s: not a size; write for example mem=256M", value);
	if (errno || count > MEM_MAX >> shift)
		die("mem=%s: too large; at most mem=1T", value);
	opts->mem_len = align_down((u64)count << shift, PAGE_LEN);
	if (!opts->mem_len)
		die("mem=%s: too small; write for example mem=256M", value);
}

static void set_kernel(struct options *opts, char *value)
{
	if (!*value)
		die("--kernel: the name of a file is missing");
	opts->kernel = value;
}

static void set_initrd(struct options *opts, char *value)
{
	if (!*value)
		die("initrd=: the name of a file is missing");
	opts->initrd = value;
}

static void set_cpus(struct options *opts, char *value)
{
	const char *end = value;

	opts->nr_cpus = take_count(&end, UMKVM_CPUS_MAX);
	if (!opts->nr_cpus || *end)
		die("ncpus=%s: not a number of CPUs from 1 to %d", value,
		    UMKVM_CPUS_MAX);
}

static void set_watchdog(struct options *opts, char *value)
{
	const char *end = value;

	opts->watchdog = take_count(&end, UMKVM_WATCHDOG_MAX);
	if (!opts->watchdog || *end)
		die("--watchdog %s: not a number of seconds from 1 to %d",
		    value, UMKVM_WATCHDOG_MAX);
}

static void set_hide_kvm(struct options *opts, char *value)
{
	opts->hidden_kvm |= hide_parse(value);
}

static void set_dump(struct options *opts, char *value)
{
	if (!*value)
		die("--dump: the name of a file is missing");
	opts->dump = value;
}

static void add_net(struct options *opts, const char *label, char *value)
{
	if (opts->nr_nets == NETS_MAX)
		die("%s: more than %d networks", label, NETS_MAX);
	net_parse(&opts->nets[opts->nr_nets++], label, value);
}

static void set_net(struct options *opts, char *value)
{
	add_net(opts, "--net", value);
}

/* UML's networks: "vec0:WORDS"; those before it were "eth0=WORDS". */
static bool parse_uml_net(struct options *opts, char *word)
{
	char *end = word + strlen("vec");

	if (strncmp(word, "vec", 3) && strncmp(word, "eth", 3))
		return false;
	while (isdigit((unsigned char)*end))
		end++;
	if (end == word + strlen("vec"))
		return false;
	if (*word == 'e' && *end == '=')
		die("%s: UML's old networks are not here; write vec0:transport=tap,ifname=NAME or --net user",
		    word);
	if (*word != 'v' || *end != ':')
		return false;
	*end = '\0';
	add_net(opts, word, end + 1);
	return true;
}

static void set_vsock(struct options *opts, char *value)
{
	const char *end = value;

	opts->vsock_cid = *value ? take_count(&end, VSOCK_CID_MAX) : VSOCK_CID_ANY;
	if (opts->vsock_cid < VSOCK_CID_MIN || *end)
		die("--vsock=%s: not a CID from %d to %lu", value, VSOCK_CID_MIN,
		    VSOCK_CID_MAX);
}

static void set_umid(struct options *opts, char *value)
{
	if (!*value || strlen(value) > UMID_MAX || strchr(value, '/') ||
	    value[0] == '.')
		die("umid=%s: a name of at most %d characters, without / and no . in front",
		    value, UMID_MAX);
	opts->umid = value;
}

static void set_uml_dir(struct options *opts, char *value)
{
	if (!*value)
		die("uml_dir=: the name of a directory is missing");
	opts->uml_dir = value;
}

/*
 * A name that ends in '=' takes its value from the same word, one with a value
 * text but no '=' from the same ("--kernel=FILE") or the next ("--kernel FILE").
 * Without set() an option is a flag or an action; without any of the three it
 * is only there to be explained.
 */
static const struct option {
	const char *name;
	const char *value;
	void (*set)(struct options *opts, char *value);
	const char *help;
	size_t flag;
	enum action action;
} options[] = {
	{ "run", "[OPTION...] -- COMMAND [ARGUMENT...]", NULL,
	  .help = "as first word: the guest is that command" },
	{ "--rw", NULL, options_run_rw, .help = "run: it writes to the host's files" },
	{ "--root", "DIR", options_run_root,
	  .help = "run: DIR is its root directory (/)" },
	{ "mem=", "SIZE", set_mem, .help = "guest memory, with K, M, G or T (256M)" },
	{ "initrd=", "FILE[,FILE...]", set_initrd,
	  .help = "initial root file system; several are joined" },
	{ "ubd0=", "FILE[,BACKING]", NULL,
	  .help = "disk; ubd0r= is read-only, ubd1= the next; see linux(1)" },
	{ "--disk", "FILE[,ro][,direct]", options_disk,
	  .help = "one more disk; id=NAME: its serial number; backing=FILE" },
	{ "root=", "...", NULL, .help = "and every other word goes to the kernel" },
	{ "ncpus=", "N", set_cpus, .help = "number of CPUs, 1 to 64 (1)" },
	{ "con0=", "CHANNEL", NULL, .help = "console; con1= and ssl0= more of them; see linux(1)" },
	{ "--net", "user|tap[,...]", set_net,
	  .help = "a network; see linux(1)" },
	{ "vec0:transport=", "tap,...", NULL, .help = "the same in UML's words" },
	{ "--dir", "TAG=DIR[,ro]", options_dir,
	  .help = "share a directory: mount -t virtiofs TAG /mnt" },
	{ "hostfs=", "DIR[,ro]", options_hostfs, .help = "the same, with the tag hostfs" },
	{ "--vsock=", "CID", set_vsock, .help = "sockets to the host; CID: the guest's address" },
	{ "--vsock", NULL, set_vsock, .help = "the same, with an address that is free" },
	{ "umid=", "NAME", set_umid, .help = "name of this guest: pid in ~/.uml/NAME/pid" },
	{ "uml_dir=", "DIR", set_uml_dir, .help = "DIR in place of ~/.uml" },
	{ "noreboot", NULL, NULL, .help = "end at a reboot, with status 245",
	  .flag = offsetof(struct options, noreboot) },
	{ "kernel=", "FILE", set_kernel, .help = "boot this ELF kernel, not the built-in one" },
	{ "--kernel", "FILE", set_kernel, .help = "the same" },
	{ "--mem", "SIZE", set_mem, .help = "the same as mem=" },
	{ "--cpus", "N", set_cpus, .help = "the same as ncpus=" },
	{ "--balloon", NULL, NULL, .help = "give memory that the guest frees back to the host",
	  .flag = offsetof(struct options, balloon) },
	{ "--watchdog", "SECONDS", set_watchdog,
	  .help = "end a guest whose kernel is silent for so long" },
	{ "--dump", "FILE", set_dump,
	  .help = "write memory and registers there at a crash and on SIGABRT" },
	{ "--gdb", NULL, options_gdb, .help = "let gdb connect to port 1234 of localhost" },
	{ "--gdb=", "[PORT|PATH|-][,wait]", options_gdb,
	  .help = "the same, elsewhere; with wait the guest starts when gdb says" },
	{ "--hide-kvm", "NAME[,NAME...]", set_hide_kvm,
	  .help = "as if KVM had not this offer; see linux(1)" },
	{ "--stats", NULL, NULL, .help = "print counters at the end and on SIGUSR1",
	  .flag = offsetof(struct options, stats) },
	{ "--verbose", NULL, NULL, .help = "say what is booted",
	  .flag = offsetof(struct options, verbose) },
	{ "--probe", NULL, NULL, .help = "say whether this host can run it, and end",
	  .action = ACTION_PROBE },
	{ "--help", NULL, NULL, .help = "print this text and end", .action = ACTION_HELP },
	{ "--version", NULL, NULL, .help = "print the version and end", .action = ACTION_VERSION },
	{ "shell", "NAME [COMMAND...]", NULL, .help = "another shell in the guest umid=NAME" },
	{ "--", "WORD...", NULL, .help = "all following words go to the first program" },
};

static void apply(const struct option *option, struct options *opts, char *value)
{
	if (option->set)
		option->set(opts, value);
	else if (option->action)
		opts->action = option->action;
	else
		*(bool *)((char *)opts + option->flag) = true;
}

/* The option's value inside @word, "" for one without, NULL if it is another. */
static char *match(const struct option *option, char *word)
{
	size_t len = strlen(option->name);

	if (!(option->set || option->action || option->flag) ||
	    strncmp(word, option->name, len))
		return NULL;
	if (option->name[len - 1] == '=' || !word[len])
		return word + len;
	return option->value && word[len] == '=' ? word + len + 1 : NULL;
}

static bool needs_next(const struct option *option, const char *word)
{
	return option->value && !strcmp(option->name, word) &&
	       option->name[strlen(option->name) - 1] != '=';
}

/* Handles argv[at]; returns how many words that took. */
static int parse_word(struct options *opts, int at, int argc, char **argv)
{
	char *value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		value = match(&options[i], argv[at]);
		if (!value)
			continue;
		if (!needs_next(&options[i], argv[at])) {
			apply(&options[i], opts, value);
			return 1;
		}
		if (at + 1 == argc)
			die("%s: its value is missing: %s", argv[at],
			    options[i].value);
		apply(&options[i], opts, argv[at + 1]);
		return 2;
	}
	if (parse_uml_net(opts, argv[at]) || port_parse(opts->ports, argv[at]))
		return 1;
	if (!strncmp(argv[at], "--", 2))
		die("%s: unknown option; see linux --help", argv[at]);
	if (!strncmp(argv[at], UML_ROOT, strlen(UML_ROOT)))
		opts->root = argv[at] + strlen("root=");
	else if (!options_ubd(opts, argv[at]))
		options_append(opts, argv[at]);
	return 1;
}

void options_parse(struct options *opts, int argc, char **argv)
{
	const bool run = argc > 1 && !strcmp(argv[1], "run");
	int i = 1 + run;

	*opts = (struct options){ .mem_len = MEM_DEFAULT, .nr_cpus = 1 };
	port_defaults(opts->ports);
	if (run)
		options_run(opts);
	if (!options_find_word(argc, argv, "console="))
		options_append(opts, run ? "console=null" : DEFAULT_CONSOLE);
	while (i < argc && strcmp(argv[i], "--"))
		i += parse_word(opts, i, argc, argv);
	port_check(opts->ports);
	if (run) {
		if (opts->nr_nets && !options_find_word(argc, argv, "ip="))
			options_append(opts, "ip=dhcp");
		options_run_command(opts, i < argc ? argv + i + 1 : NULL);
		return;
	}
	options_append_root(opts, argc, argv);
	if (opts->vsock_cid && opts->umid)
		options_append_key(opts);
	for (; i < argc; i++)
		options_append(opts, argv[i]);
}

void options_print_help(void)
{
	char left[40];
	size_t i;

	printf("usage: linux [OPTION | KERNEL PARAMETER]... [-- WORD...]\n"
	       "or:    linux run [OPTION | KERNEL PARAMETER]... -- COMMAND [ARGUMENT]...\n"
	       "Boots a Linux kernel as a process, on a CPU of /dev/kvm.\n\n");
	for (i = 0; i < ARRAY_SIZE(options); i++) {
		const struct option *option = &options[i];
		bool blank = option->value &&
			     option->name[strlen(option->name) - 1] != '=';

		snprintf(left, sizeof(left), "%s%s%s", option->name,
			 blank ? " " : "", option->value ? option->value : "");
		printf("  %-24s %s\n", left, option->help);
	}
	printf("\nExit status: the guest's own (0 after power off), or 125 usage or host error,\n"
	       "240 panic, 241 triple fault, 242 KVM error, 243 broken protocol, 244 watchdog,\n"
	       "245 reboot.  See linux(1).\n");
}

void options_print_version(void)
{
	printf("linux (um-kvm) %s, ABI %d\n", SHIM_VERSION, UMKVM_ABI_VERSION);
}
