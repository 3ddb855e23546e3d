#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# What is printed and when: kernel messages, what SIGQUIT and --stats add.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../boot.sh"

boot_init
"${CROSS_COMPILE-}strip" -o "$W/vmlinux" "$O/vmlinux"
boot_cases "$W/vmlinux" <<'END'
	+quiet prints nothing|0|||boot do=silent
	the log from its first line|0||^Linux version 6|linux initrd=init.cpio do=silent
	the log ends with init|0||as init process|linux initrd=init.cpio do=silent
	earlycon: from the first line|0||^Linux version 6|linux initrd=init.cpio do=silent earlycon
	no line appears twice, whichever console prints|0||^1$|linux initrd=init.cpio do=silent >log; grep -c 'Linux version' log; sed 's/^\[.*\] //' log @ grep -v '^rcu\@^x86/fpu\@^clocksource' @ sort @ uniq -d @ grep . && exit 1; exit 0
	a word with blanks reaches the kernel|0||Kernel command line: .*nothing="a b"|linux initrd=init.cpio do=silent 'nothing=a b'
	words after -- are init's|0||^init: off|boot do=off -- one --two
	console=null: no console for init|0||*|boot console=null do=off
	--verbose says what is booted|0|^linux: 64 MiB, TSC [0-9]+ kHz, command line: console=hvc0 quiet|off|boot mem=64M --verbose
	+--stats prints counters at the end|0|^stats: cpu0.exits: [0-9]+|off|boot --stats
	--stats: exits to the shim|0|^stats: cpu0.shim_exits: [0-9]$|off|boot --stats
	--stats: time to the console|0|^stats: us_to_console: [1-9][0-9]*$|off|boot --stats
	SIGUSR1 prints them while it runs|0|^stats: cpu0.exits: |off|start do=ask; wait_for ready; kill -USR1 $pid; wait_for stats; echo off >in; finish
	SIGQUIT prints registers, the guest goes on|0|vCPU 0: rip [0-9a-f]+|off|start do=ask; wait_for ready; kill -QUIT $pid; wait_for vCPU; echo off >in; finish
	SIGQUIT prints the last lines|0|last lines of the console|off|start do=ask; wait_for ready; kill -QUIT $pid; wait_for vCPU; echo off >in; finish
	SIGQUIT while a program spins|143|vCPU 0: rip [0-9a-f]+|spinning|start do=spin; wait_for spinning; kill -QUIT $pid; wait_for vCPU; kill -TERM $pid; finish
	input reaches the console, and its end|0||ready|echo off @ boot do=ask
	standard input closed|0|^linux: standard input is closed|off|boot <&-
	standard output closed|7|^linux: standard output is closed||boot do=code arg=7 >&-
	standard output full|7|^linux: standard output: No space left||boot do=code arg=7 >/dev/full
	pid file appears and goes|0||off|start do=ask umid=t uml_dir=.; wait_for ready; [ "$(cat t/pid)" = $pid ] || exit 1; echo off >in; finish; code=$?; [ ! -e t ] || code=2; exit $code
	pid file goes after a panic|240|ended: panic|panic|boot do=exit umid=t uml_dir=.; code=$?; [ ! -e t ] || code=2; exit $code
	the kernel= option|0||off|boot kernel=vmlinux
	the --kernel option|0||off|boot --kernel vmlinux
	several initrds: the later adds|0||off|linux initrd=init.cpio,init.cpio quiet
END
