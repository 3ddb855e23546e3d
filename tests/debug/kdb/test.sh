#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# kdb on the console, in the kernel that "make CONFIG=kasan" builds, with two
# CPUs: stop, look around, a breakpoint, a step, and on.
. "${0%/*}/../../lib.sh"

built=$O/kasan
need "$built/linux" "$built/rootfs.cpio"

types()		# TEXT REGEX: types a line, waits for an answer
{
	printf '%s\n' "$1" >&9
	wait_out "$2" 60
}

mkfifo "$W/keys"
exec 9<>"$W/keys"
start_host --timeout 380 -- "$built/linux" initrd="$built/rootfs.cpio" \
	mem=256M ncpus=2 kgdboc=hvc0 <"$W/keys"
t 'Ctrl-O g stops the machine'
wait_out "Enter 'help'" 120
printf '\017g' >&9
wait_out 'Entering kdb .* due to Keyboard Entry' 60
t 'stack, tasks, CPUs'
types 'set LINES 1000' 'kdb> '
types bt ' sysrq_handle_dbg\+0x'
types ps 'Thread +Command'
types cpu 'Available cpus: 0, 1|Available cpus: 0-1'
t 'a breakpoint'
types 'bp do_mkdirat' 'Instruction\(i\) BP #0 at .*do_mkdirat'
printf 'go\n' >&9
types 'mkdir /tmp/x && echo made $((6 * 7))' 'due to Breakpoint @'
types bt ' __x64_sys_mkdir'
t 'a step'
types ss 'due to SS trap @'
t 'and on'
printf 'bc 0\n' >&9
types go '^made 42'
t 'no error meanwhile, and the end'
types 'poweroff -f' 'Power down'
wait_linux
expect_status 0
expect_no_out 'BUG:|WARNING:'
