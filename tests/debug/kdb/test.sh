#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1200
# KGDB's own tests, then kdb on the console, with two CPUs: stop, look around, a
# breakpoint, a step, and on.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
variant kasan

# lib/stackdepot.c warns when it has to remember a stack within INT3
t "KGDB's own tests"
variant_cmd 'echo V1I20 >/sys/module/kgdbts/parameters/kgdbts' mem=256M \
	stack_depot_disable=on
expect_status 0
expect_out 'kgdbts:RUN sw breakpoint test'
expect_out 'kgdbts:RUN singlestep test 20 iterations'
expect_out 'KGDB: Unregistered I/O driver kgdbts'
expect_no_out 'kgdbts: ERROR|BUG:|WARNING:'

start_kdb()
{
	start_host --timeout 500 -- "$built/linux" initrd="$built/rootfs.cpio" \
		mem=256M ncpus=2 kgdboc=hvc0 stack_depot_disable=on <"$W/keys"
	wait_out "Enter 'help'" 300
}

types()		# TEXT REGEX: types a line, waits for an answer
{
	printf '%s\n' "$1" >&9
	wait_out "$2" 60
}

mkfifo "$W/keys"
exec 9<>"$W/keys"
start_kdb
t 'Ctrl-O g stops the machine'
printf '\017g' >&9
# INT3 is entered as an NMI would be, and kdb calls it that, as on arch/x86
wait_out 'Entering kdb .* due to NonMaskable Interrupt' 60
t 'stack, tasks, CPUs'
types 'set LINES 1000' 'kdb> '
types bt ' sysrq_handle_dbg\+0x'
types ps 'Thread +Command'
types cpu 'Available cpus: 0'
t 'a breakpoint'
types 'bp do_mkdirat' 'Instruction\(i\) BP #0 at .*do_mkdirat'
printf 'go\n' >&9
types 'mkdir /tmp/x && echo made $((6 * 7))' 'due to Breakpoint @'
types bt ' do_syscall_64\+0x'
t 'a step'
types ss 'due to SS trap @'
t 'and on'
printf 'bc 0\n' >&9
types go '^made 42'
t 'no error meanwhile, and the end'
printf 'poweroff -f\n' >&9
wait_linux
expect_status 0
expect_no_out 'BUG:|WARNING:'

start_kdb
t 'a CPU with interrupts off stops, too'
types 'mount -t debugfs debugfs /sys/kernel/debug; modprobe lkdtm; echo $?loaded' \
	'^0loaded'
types 'taskset 2 sh -c "echo HARDLOCKUP >/sys/kernel/debug/provoke-crash/DIRECT" &
sleep 2; echo hung $((6 * 7))' '^hung 42'
printf '\017g' >&9
wait_out 'Entering kdb ' 60
types 'set LINES 1000' 'kdb> '
types cpu 'Available cpus: 0-1$'
types btc ' lkdtm_HARDLOCKUP\+0x'
t 'and kdb lets the others go on'
printf 'go\n' >&9
types 'echo on $((6 * 7))' '^on 42'
stop_linux TERM
expect_status 143
expect_no_out 'Timed out waiting|Catastrophic error'
