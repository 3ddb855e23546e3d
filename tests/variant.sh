# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For tests of kernels that "make CONFIG=NAME" builds.
#
# variant NAME          the kernel is that of NAME, in $built
# variant_cmd COMMAND [ARG...]  boots it with ARGs, runs the command, then prints
#                       the log; $limit is how many seconds it has (800)
# variant_decode DIR    adds the lines of the source to the addresses in the last
#                       output; the modules are somewhere in DIR

variant()
{
	built=$O/$1
	need "$built/linux" "$built/rootfs.cpio"
}

variant_cmd()
{
	guest_initrd "($1)
status=\$?
echo '== log'; dmesg
exit \$status"
	run_host --timeout "${limit:-800}" -- "$built/linux" \
		"initrd=$built/rootfs.cpio,${initrd#*,}" \
		con0=null,fd:1 quiet log_buf_len=1M "${@:2}"
}

variant_decode()
{
	"$built/farm/scripts/decode_stacktrace.sh" "$built/kernel/vmlinux" auto \
		"$1" <"$W/out" >"$W/decoded" 2>"$W/decode.err"
	cp "$W/decoded" "$W/out"
}
