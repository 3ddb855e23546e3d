#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# KASAN, in the kernel that "make CONFIG=kasan" builds: its own tests, all of
# them, errors in a module with the lines of their source, and what must not be
# taken for an error.
. "${0%/*}/../../lib.sh"

built=$O/kasan
need "$built/linux" "$built/rootfs.cpio"

kasan_cmd()	# COMMAND [ARG...]: boots, runs the command, then prints the log
{
	guest_initrd "$1
status=\$?
echo '== log'; dmesg
exit \$status"
	run_host --timeout 300 -- "$built/linux" \
		"initrd=$built/rootfs.cpio,${initrd#*,}" \
		con0=null,fd:1 quiet log_buf_len=1M "${@:2}"
}

provoke()	# ERROR: the command that makes lkdtm commit it
{
	echo "mount -t debugfs debugfs /sys/kernel/debug && modprobe lkdtm &&
echo $1 >/sys/kernel/debug/provoke-crash/DIRECT"
}

t "KASAN's own tests, with 256 MiB and two CPUs"
kasan_cmd 'modprobe kasan_test; status=$?; free -m; (exit $status)' \
	mem=256M ncpus=2
expect_status 0
expect_out '^.*# kasan: pass:[1-9][0-9]* fail:0 '
expect_no_out '^.*not ok '
grep -a '# kasan: pass:' "$W/out" | sed 's/^/# /'
