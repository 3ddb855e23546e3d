// SPDX-License-Identifier: GPL-2.0
/*
 * The command line's words for devices: disks, directories, networks, consoles.
 */
#include "words.h"

static void assert_dir(unsigned int nr, const char *tag, const char *path,
		       bool read_only)
{
	assert_true(nr < opts.nr_dirs);
	assert_string_equal(opts.dirs[nr].tag, tag);
	assert_string_equal(opts.dirs[nr].path, path);
	assert_int_equal(opts.dirs[nr].read_only, read_only);
}

static void directories_have_tags(void **state)
{
	(void)state;
	assert_cmdline("console=hvc0", "--dir", "a=/x=y", "--dir=b=c,ro",
		       "hostfs=d,ro");
	assert_dir(0, "a", "/x=y", false);
	assert_dir(1, "b", "c", true);
	assert_dir(2, "hostfs", "d", true);
	assert_refused("write TAG=DIRECTORY", "--dir", "a");
	assert_refused("write TAG=DIRECTORY", "--dir", "=a");
	assert_refused("write TAG=DIRECTORY", "--dir", "a=");
	assert_refused("write TAG=DIRECTORY", "--dir", "a=b,rw");
	assert_refused("write TAG=DIRECTORY", "hostfs=");
	assert_refused("at most 36", "--dir",
		       "1234567890123456789012345678901234567=a");
	assert_refused("already", "--dir", "a=b", "--dir", "a=c");
	assert_refused("more than 4", "--dir=a=b", "--dir=b=b", "--dir=c=b",
		       "--dir=d=b", "hostfs=b");
}

static void a_directory_can_be_the_root(void **state)
{
	(void)state;
	assert_cmdline("console=hvc0 rw root=ubda rootfstype=virtiofs",
		       "ubd0=/", "rw");
	assert_dir(0, "ubda", "/", false);
	assert_null(opts.disks[0].path);
	assert_cmdline("console=hvc0 root=ubdb rootfstype=virtiofs", "ubd0=a",
		       "ubd1r=/", "root=/dev/ubdb");
	assert_dir(0, "ubdb", "/", true);
	/* One that is a file system only does not count among the disks. */
	assert_cmdline("console=hvc0 root=/dev/vda1", "ubd0=/", "ubd1=b",
		       "root=/dev/ubdb1");
	assert_cmdline("console=hvc0", "ubd0=/", "initrd=c");
	assert_cmdline("console=hvc0 rootfstype=hostfs rootflags=/d rootflags= root=root rootfstype=virtiofs",
		       "rootfstype=hostfs", "rootflags=/d");
	assert_dir(0, "root", "/d", false);
	assert_cmdline("console=hvc0 rootfstype=hostfs rootflags= root=root rootfstype=virtiofs",
		       "hostfs=/top,ro", "rootfstype=hostfs");
	assert_dir(1, "root", "/top/", true);
}

static void disks_have_numbers(void **state)
{
	const struct disk_options *disk = opts.disks;

	(void)state;
	assert_cmdline("console=hvc0 quiet root=/dev/vda", "ubd0=a.img", "quiet");
	assert_string_equal(disk[0].path, "a.img");
	assert_string_equal(disk[0].name, "ubda");
	assert_string_equal(disk[0].id, "ubda");
	assert_false(disk[0].read_only || disk[0].sync || disk[0].direct ||
		     disk[0].shared || disk[0].no_trim);
	assert_cmdline("console=hvc0 root=/dev/vda",
		       "ubdarsdct=a,,serial", "ubd15=b", "ubd1r=c");
	assert_string_equal(disk[0].id, "serial");
	assert_true(disk[0].read_only && disk[0].sync && disk[0].shared &&
		    disk[0].no_trim);
	assert_string_equal(disk[15].path, "b");
	assert_string_equal(disk[15].name, "ubdp");
	assert_true(disk[1].read_only);
	assert_cmdline("console=hvc0 root=/dev/vda", "ubd0=a", "--disk",
		       "b,ro,direct,id=x", "--disk=c");
	assert_string_equal(disk[1].path, "b");
	assert_true(disk[1].read_only && disk[1].direct);
	assert_string_equal(disk[1].id, "x");
	assert_string_equal(disk[2].path, "c");
	assert_false(disk[2].read_only || disk[2].backing);
	assert_cmdline("console=hvc0 root=/dev/vda", "ubd0r=a,b,x",
		       "--disk=c,backing=d", "ubd5=e:/");
	assert_string_equal(disk[0].path, "a");
	assert_string_equal(disk[0].backing, "b");
	assert_string_equal(disk[0].id, "x");
	assert_string_equal(disk[1].backing, "d");
	assert_string_equal(disk[5].backing, "/");
}

static void roots_are_translated(void **state)
{
	(void)state;
	assert_cmdline("console=hvc0 root=/dev/vda", "root=/dev/ubda", "ubd0=a");
	assert_cmdline("console=hvc0 root=/dev/vda2", "root=/dev/ubda2", "ubd0=a");
	assert_cmdline("console=hvc0 root=/dev/vdb", "ubd0=a", "ubd3=b",
		       "root=/dev/ubd3");
	assert_cmdline("console=hvc0 root=/dev/vda1 -- x", "ubdb=a",
		       "root=/dev/ubdb1", "--", "x");
	/* Who says something else is believed; with an initrd so is silence. */
	assert_cmdline("console=hvc0 root=/dev/vdb", "root=/dev/vdb", "ubd0=a");
	assert_cmdline("console=hvc0", "ubd0=a", "initrd=x");
	assert_cmdline("console=hvc0", "ubd1=a");
	assert_refused("root=/dev/ubda: there is no such disk", "root=/dev/ubda");
	assert_refused("root=/dev/ubdb1: there is no", "root=/dev/ubdb1", "ubd0=a");
	assert_refused("root=/dev/ubdz: there is no", "root=/dev/ubdz", "ubd0=a");
}

static void wrong_disks_are_named(void **state)
{
	(void)state;
	assert_refused("ubd0: the name of a file is missing", "ubd0=");
	assert_refused("ubd16=: a disk is ubd0 to ubd15", "ubd16=a");
	assert_refused("ubdq=: a disk is", "ubdq=a");
	assert_refused("ubd=: a disk is", "ubd=a");
	assert_refused("ubd99999999999999999999=: ", "ubd99999999999999999999=a");
	assert_refused("ubd0x=: the flags", "ubd0x=a");
	assert_refused("ubda=b: this disk is a already", "ubd0=a", "ubda=b");
	assert_refused("ubd0d=a,b: with the flag d", "ubd0d=a,b");
	assert_refused("--disk: the name of a file", "--disk", "");
	assert_refused("--disk: its value is missing", "--disk");
	assert_refused("--disk a,rw: after FILE", "--disk", "a,rw");
	assert_refused("--disk b: more than 16 disks", "ubd15=a", "--disk", "b");
	assert_cmdline("console=hvc0 ubd ubdx", "ubd", "ubdx");
}

static void nets_in_both_spellings(void **state)
{
	const struct net_spec *net = opts.nets;

	(void)state;
	assert_cmdline("console=hvc0 vec eth0 vectors=1 ether=2", "--net",
		       "user,tcp=8080:80,udp=53,mac=02:00:00:00:00:0a",
		       "vec1:transport=tap,ifname=tap0,depth=128,gro=1,mtu=1400",
		       "--net=tap,dev=t1", "vec", "eth0", "vectors=1", "ether=2");
	assert_int_equal(opts.nr_nets, 3);
	assert_null(net->dev);
	assert_int_equal(net->nr_forwards, 2);
	assert_false(net->forwards[0].udp);
	assert_int_equal(net->forwards[0].host, 8080);
	assert_int_equal(net->forwards[0].guest, 80);
	assert_true(net->forwards[1].udp);
	assert_int_equal(net->forwards[1].host, 53);
	assert_int_equal(net->forwards[1].guest, 53);
	assert_int_equal(net->mac[5], 10);
	assert_string_equal(net[1].dev, "tap0");
	assert_int_equal(net[1].mtu, 1400);
	assert_string_equal(net[2].dev, "t1");
	assert_refused("--net: \"\": no such network", "--net", "");
	assert_refused("--net: \"slirp\": no such network", "--net", "slirp");
	assert_refused("vec0: \"raw\": no such", "vec0:transport=raw,ifname=e");
	assert_refused("eth0=tuntap,,,1.2.3.4: UML's old", "eth0=tuntap,,,1.2.3.4");
	assert_refused("dev=NAME", "--net", "tap");
	assert_refused("dev=: not a value", "--net", "tap,dev=");
	assert_refused("go with tap", "--net", "user,dev=tap0");
	assert_refused("go with tap", "--net", "tap,dev=t,tcp=1");
	assert_refused("go with tap", "--net", "user,vhost=off");
	assert_refused("vhost=yes: not a value", "--net", "tap,dev=t,vhost=yes");
	assert_refused("foo=: unknown", "--net", "user,foo=1");
	assert_refused("tcp=80x: not a value", "--net", "user,tcp=80x");
	assert_refused("tcp=0: not a value", "--net", "user,tcp=0");
	assert_refused("tcp=80:65536: not", "--net", "user,tcp=80:65536");
	assert_refused("tcp=:80: not", "--net", "user,tcp=:80");
	assert_refused("udp=-1: not", "--net", "user,udp=-1");
	assert_refused("mtu=67: not", "--net", "user,mtu=67");
	assert_refused("mtu=65521: not", "--net", "user,mtu=65521");
	assert_refused("mac=x: not", "--net", "user,mac=x");
	assert_refused("mac=02:00:00:00:00:01x", "--net", "user,mac=02:00:00:00:00:01x");
	assert_refused("mac=01:", "--net", "user,mac=01:00:00:00:00:01");
	assert_refused("more than 4 networks", "--net=user", "--net=user",
		       "--net=user", "--net=user", "--net=user");
}

static void consoles_have_channels(void **state)
{
	const struct port_spec *con = opts.ports, *ssl = con + PORTS_MAX;

	(void)state;
	assert_cmdline("console=hvc0 con x con1 conx=1 con-1=pty ssl constant=1",
		       "con", "x", "con1", "conx=1", "con-1=pty", "ssl",
		       "con0=null,fd:1", "con1=pty", "con7=unix:/a,b",
		       "ssl0=port:9000", "ssl1=file:log", "constant=1");
	assert_int_equal(con[0].in, -1);
	assert_int_equal(con[0].out, 1);
	assert_int_equal(con[1].kind, PORT_PTY);
	assert_string_equal(con[1].name, "con1");
	assert_int_equal(con[7].kind, PORT_UNIX);
	assert_string_equal(con[7].path, "/a,b");
	assert_int_equal(ssl[0].kind, PORT_TCP);
	assert_int_equal(ssl[0].tcp, 9000);
	assert_string_equal(ssl[0].name, "ssl0");
	assert_int_equal(ssl[1].kind, PORT_FILE);
	assert_string_equal(ssl[1].path, "log");
	/* UML's example, and an order that does not matter. */
	assert_cmdline("console=hvc0", "con=null", "con0=null,fd:2",
		       "con1=fd:0,fd:1");
	assert_cmdline("console=hvc0", "con0=null,fd:2", "con=null",
		       "con1=fd:0,fd:1", "ssl=none");
	assert_int_equal(con[0].out, 2);
	assert_int_equal(con[1].in, 0);
	assert_int_equal(con[7].kind, PORT_FDS);
	assert_int_equal(con[7].out, -1);
	assert_int_equal(ssl[0].kind, PORT_NONE);
	assert_cmdline("console=hvc0", "con0=fd:0", "con1=pts", "con1=none");
	assert_int_equal(con[0].out, 0);
	assert_int_equal(con[1].kind, PORT_NONE);
}

static void wrong_consoles_are_named(void **state)
{
	(void)state;
	assert_refused("con1=xterm: not a channel", "con1=xterm");
	assert_refused("con1=: not", "con1=");
	assert_refused("con1=ptyp0: not", "con1=ptyp0");
	assert_refused("con1=null,: not", "con1=null,");
	assert_refused("con1=fd:x: not", "con1=fd:x");
	assert_refused("con1=fd:-1: not", "con1=fd:-1");
	assert_refused("con1=fd:4294967296: not", "con1=fd:4294967296");
	assert_refused("con1=fd:0,fd:1,fd:2: not", "con1=fd:0,fd:1,fd:2");
	assert_refused("con1=port:: not", "con1=port:");
	assert_refused("con1=port:0: not", "con1=port:0");
	assert_refused("con1=port:65536: not", "con1=port:65536");
	assert_refused("con1=port:1x: not", "con1=port:1x");
	assert_refused("con1=unix:: not", "con1=unix:");
	assert_refused("ssl0=file:: not", "ssl0=file:");
	assert_refused("con0=xterm: not", "con=xterm");
	assert_refused("con8=: consoles are con0 to con7", "con8=pty");
	assert_refused("ssl99999999999999999999=: con", "ssl99999999999999999999=pty");
	assert_refused("con0=none: the kernel needs", "con0=none");
	assert_refused("con0=none: the kernel needs", "con=none");
	assert_refused("con0 reads fd:0 already", "con1=fd:0,fd:1");
	assert_refused("descriptor 999 is not open", "con1=null,fd:999");
	assert_refused("ssl0=pty: more than 8 consoles", "con=pty", "ssl0=pty");
}

static void a_command_is_not_for_the_kernel(void **state)
{
	(void)state;
	assert_cmdline("console=null quiet", "run", "quiet", "--mem", "1G", "--",
		       "sh", "-c", "a \"b\"", "--rw");
	assert_true(opts.is_run);
	assert_int_equal(opts.mem_len, GIB(1));
	assert_string_equal(opts.command[2], "a \"b\"");
	assert_string_equal(opts.command[3], "--rw");
	assert_null(opts.command[4]);
	assert_int_equal(opts.nr_dirs, 1);
	assert_string_equal(opts.dirs[0].tag, "root");
	assert_string_equal(opts.dirs[0].path, "/");
	assert_true(opts.dirs[0].read_only);
	assert_cmdline("console=hvc0 ip=dhcp", "run", "console=hvc0", "--rw",
		       "--root=/srv", "--net", "user", "--", "true");
	assert_string_equal(opts.dirs[0].path, "/srv");
	assert_false(opts.dirs[0].read_only);
	assert_cmdline("console=null ip=off", "run", "ip=off", "--net", "user",
		       "--", "true");
	assert_cmdline("console=null", "run", "--help");
}

static void wrong_commands_are_named(void **state)
{
	(void)state;
	assert_refused("run: no command", "run");
	assert_refused("run: no command", "run", "--rw", "--");
	assert_refused("run: no command", "run", "true");
	assert_refused("--rw: only for linux run", "--rw");
	assert_refused("--root: only for linux run", "mem=64M", "run", "--root=/");
	assert_refused("--root: its value is missing", "run", "--root");
	assert_refused("--dir root=/: there is", "run", "--dir", "root=/", "--",
		       "true");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directories_have_tags),
		cmocka_unit_test(a_directory_can_be_the_root),
		cmocka_unit_test(disks_have_numbers),
		cmocka_unit_test(roots_are_translated),
		cmocka_unit_test(wrong_disks_are_named),
		cmocka_unit_test(nets_in_both_spellings),
		cmocka_unit_test(consoles_have_channels),
		cmocka_unit_test(wrong_consoles_are_named),
		cmocka_unit_test(a_command_is_not_for_the_kernel),
		cmocka_unit_test(wrong_commands_are_named),
	};

	return cmocka_run_group_tests_name("devopts", tests, NULL, NULL);
}
