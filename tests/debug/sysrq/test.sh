#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# Magic sysrq from the console: Ctrl-O and a letter (hvc_console.c).
. "${0%/*}/../../lib.sh"

mkfifo "$W/keys"
exec 9<>"$W/keys"
start_linux --timeout 100 -- initrd="$O/rootfs.cpio" mem=64M <"$W/keys"
t 'help'
wait_out "Enter 'help'" 60
printf '\017h' >&9
wait_out 'sysrq: HELP : '
t 'a crash, with the stack of what was interrupted'
# which is nothing: the shell waits
printf 'echo up $((6 * 7)); sleep 1000\n' >&9
wait_out '^up 42'
sleep 3
printf '\017c' >&9
wait_linux
expect_status 240
expect_out 'Kernel panic - not syncing: sysrq triggered crash'
expect_out 'RIP: 0010:arch_cpu_idle\+'
