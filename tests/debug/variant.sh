# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For tests of the kernel that "make CONFIG=kasan" builds.

built=$O/kasan
need "$built/linux" "$built/rootfs.cpio"

kasan_cmd()	# COMMAND [ARG...]: boots, runs the command, then prints the log
{
	guest_initrd "($1)
status=\$?
echo '== log'; dmesg
exit \$status"
	run_host --timeout 500 -- "$built/linux" \
		"initrd=$built/rootfs.cpio,${initrd#*,}" \
		con0=null,fd:1 quiet log_buf_len=1M "${@:2}"
}
