// SPDX-License-Identifier: GPL-2.0
/*
 * The command line: what is ours, what is the kernel's, what is a mistake.
 */
#include "virtio_vsock.h"
#include "words.h"

static void defaults(void **state)
{
	(void)state;
	assert_cmdline("console=hvc0", "mem=256M");
	assert_int_equal(opts.action, ACTION_RUN);
	assert_int_equal(opts.mem_len, MIB(256));
	assert_int_equal(opts.nr_cpus, 1);
	assert_int_equal(opts.ports[0].kind, PORT_FDS);
	assert_int_equal(opts.ports[0].in, 0);
	assert_int_equal(opts.ports[0].out, 1);
	assert_int_equal(opts.ports[1].kind, PORT_NONE);
	assert_false(opts.noreboot || opts.stats || opts.verbose);
	assert_null(opts.kernel);
	assert_null(opts.initrd);
}

static void memory_sizes(void **state)
{
	static const struct {
		const char *word;
		u64 len;
	} sizes[] = {
		{ "mem=32M", MIB(32) }, { "mem=64m", MIB(64) },
		{ "mem=1G", GIB(1) }, { "mem=131072K", MIB(128) },
		{ "mem=268435456", MIB(256) }, { "mem=1T", GIB(1024) },
		{ "mem=1K", 0 }, { "mem=0", 0 }, { "mem=", 0 },
		{ "mem=abc", 0 }, { "mem=9999T", 0 }, { "mem=-1", 0 },
		{ "mem=32MB", 0 }, { "mem= 32M", 0 }, { "mem=0x20M", 0 },
		{ "mem=18446744073709551616", 0 }, { "mem=99999999999999999999T", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		assert_int_equal(refused(WORDS(sizes[i].word)), !sizes[i].len);
		if (sizes[i].len)
			assert_int_equal(opts.mem_len, sizes[i].len);
		else
			assert_non_null(strstr(harness_message, "mem="));
	}
}

static void ours_are_eaten(void **state)
{
	(void)state;
	assert_cmdline("console=hvc0", "mem=64M", "initrd=a,b", "umid=x",
		       "uml_dir=/tmp", "ncpus=1", "noreboot", "--stats");
	assert_string_equal(opts.initrd, "a,b");
	assert_string_equal(opts.umid, "x");
	assert_string_equal(opts.uml_dir, "/tmp");
	assert_true(opts.noreboot && opts.stats);
	assert_cmdline("console=hvc0", "--kernel", "k1");
	assert_string_equal(opts.kernel, "k1");
	assert_cmdline("console=hvc0", "--kernel=k2", "--cpus=64", "--verbose");
	assert_int_equal(opts.nr_cpus, 64);
	assert_string_equal(opts.kernel, "k2");
	assert_cmdline("console=hvc0", "kernel=k3", "con0=fd:0,fd:1");
	assert_string_equal(opts.kernel, "k3");
	assert_int_equal(opts.hidden_kvm, 0);
	assert_cmdline("console=hvc0", "--hide-kvm=pv-eoi,steal-time");
	assert_int_equal(opts.hidden_kvm, 1 << 5 | 1 << 6);
}

static void vsock_and_its_key(void **state)
{
	char line[128];

	(void)state;
	assert_cmdline("console=hvc0", "--vsock=77");
	assert_int_equal(opts.vsock_cid, 77);
	assert_false(refused(WORDS("--vsock", "umid=x", "--", "word")));
	assert_int_equal(opts.vsock_cid, VSOCK_CID_ANY);
	assert_int_equal(strlen(opts.shell_key),
			 strlen(SHELL_KEY_WORD) + SHELL_KEY_LEN);
	snprintf(line, sizeof(line), "console=hvc0 %s -- word", opts.shell_key);
	assert_string_equal(opts.cmdline, line);
	assert_refused("--vsock=2: not a CID", "--vsock=2");
	assert_refused("--vsock=4294967295: not", "--vsock=4294967295");
	assert_refused("--vsock=3x: not a CID", "--vsock=3x");
}

static void actions(void **state)
{
	(void)state;
	assert_false(refused(WORDS("--help")));
	assert_int_equal(opts.action, ACTION_HELP);
	assert_false(refused(WORDS("--version")));
	assert_int_equal(opts.action, ACTION_VERSION);
	assert_false(refused(WORDS("--probe")));
	assert_int_equal(opts.action, ACTION_PROBE);
}

static void the_rest_is_the_kernels(void **state)
{
	(void)state;
	assert_cmdline("console=hvc0 root=/dev/x quiet", "root=/dev/x", "quiet");
	assert_cmdline("console=hvc0 quiet -- -c --help mem=1", "quiet", "mem=32M",
		       "--", "-c", "--help", "mem=1");
	assert_cmdline("console=ttyS0 x", "console=ttyS0", "x");
	assert_cmdline("console=hvc0 -- console=x", "--", "console=x");
	assert_cmdline("console=hvc0 memory=1 -s statsx", "memory=1", "-s",
		       "statsx");
}

static void blanks_are_quoted(void **state)
{
	(void)state;
	assert_cmdline("console=hvc0 a=\"b c\"", "a=b c");
	assert_cmdline("console=hvc0 \"b c\"", "b c");
	assert_cmdline("console=hvc0 a=\"b=c d\"", "a=b=c d");
	assert_cmdline("console=hvc0 a=\"q\"", "a=\"q\"");
	assert_cmdline("console=hvc0 \"\"", "");
	assert_refused("double quotes", "a=\"b c\"");
}

static void mistakes_are_named(void **state)
{
	(void)state;
	assert_refused("--foo: unknown option", "--foo");
	assert_refused("--statsx: unknown option", "--statsx");
	assert_refused("--kernel: its value is missing", "--kernel");
	assert_refused("--kernel: the name", "--kernel=");
	assert_refused("initrd=: the name", "initrd=");
	assert_refused("ncpus=0: not a number", "ncpus=0");
	assert_refused("ncpus=65: not a number", "ncpus=65");
	assert_refused("ncpus=+1: not a number", "ncpus=+1");
	assert_refused("ncpus=2x: not a number", "ncpus=2x");
	assert_refused("ncpus=: not a number", "ncpus=");
	assert_refused("ncpus=99999999999999999999", "ncpus=99999999999999999999");
	assert_refused("ncpus=zwei", "--cpus", "zwei");
	assert_refused("--hide-kvm=vapic: no such offer", "--hide-kvm",
		       "pv-eoi,vapic");
	assert_refused("--hide-kvm=: no such", "--hide-kvm=");
	assert_refused("umid=a/b", "umid=a/b");
	assert_refused("umid=..", "umid=..");
	assert_refused("umid=:", "umid=");
	assert_refused("uml_dir=", "uml_dir=");
}

static void long_lines_are_refused(void **state)
{
	char word[4096];

	(void)state;
	memset(word, 'x', sizeof(word));
	word[UMKVM_CMDLINE_SIZE - 1 - strlen("console=hvc0 ")] = '\0';
	assert_false(refused(WORDS(word)));
	assert_int_equal(strlen(opts.cmdline), UMKVM_CMDLINE_SIZE - 1);
	word[strlen(word)] = 'x';
	word[UMKVM_CMDLINE_SIZE - strlen("console=hvc0 ")] = '\0';
	assert_refused("too long", word);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(memory_sizes),
		cmocka_unit_test(ours_are_eaten),
		cmocka_unit_test(vsock_and_its_key),
		cmocka_unit_test(actions),
		cmocka_unit_test(the_rest_is_the_kernels),
		cmocka_unit_test(blanks_are_quoted),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(long_lines_are_refused),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
