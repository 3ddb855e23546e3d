#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# long
# Errors of a module that the debug kernels must find: locks in two orders, by
# lockdep, a CPU that hangs with interrupts off, by the one that watches it (make
# CONFIG=debug); a data race, by KCSAN (make CONFIG=kcsan), with the lines of the
# source.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"

# finds ERROR REGEX: loads the module, and waits until the log has that
finds()
{
	guest_module "$T/module" "$built/kernel"
	variant_cmd "insmod /umkvm/planted.ko error=$1
for try in \$(seq 30); do
	[ -z \"\$(dmesg | grep '$2')\" ] || break
	sleep 1
done
rmmod planted && echo the kernel goes on" mem=256M ncpus=2
	expect_status 0
	expect_out '^the kernel goes on'
	expect_out "$2"
}

variant kcsan
variant debug

t 'locks in two orders'
finds locks 'WARNING: possible circular locking dependency detected'
expect_out 'insmod/[0-9]+ is trying to acquire lock:'
expect_out '\(planted_a\)\{.*, at: lock_b_then_a\+0x'
expect_out '\(planted_b\)\{.*, at: lock_b_then_a\+0x'
expect_out '-> #1 \(planted_b\)\{'
expect_out ' lock_a_then_b\+0x.* \[planted\]'

t 'a CPU with interrupts off'
guest_module "$TESTS/debug/hang" "$built/kernel"
guest_initrd 'taskset 2 insmod /umkvm/hang.ko &
while [ -z "$(dmesg | grep "hard LOCKUP")" ]; do sleep 1; done
sleep 2
dmesg | grep -A 40 "hard LOCKUP"
echo seen'
start_host --timeout 200 -- "$built/linux" \
	"initrd=$built/rootfs.cpio,${initrd#*,}" con0=null,fd:1 quiet ncpus=2
wait_out '^seen' 180
stop_linux TERM
expect_status 143
expect_out 'Watchdog detected hard LOCKUP on cpu 1'
expect_out 'RIP: 0010:hang_forever\+.* \[hang\]'

t 'a data race between two CPUs'
variant kcsan
finds race 'BUG: KCSAN: data-race in race_'
expect_out 'data-race in race_add.* \[planted\] / race_clear.* \[planted\]'
expect_out 'write to 0x[0-9a-f]+ of 8 bytes by task [0-9]+ on cpu 1:'

t 'the lines of the race'
variant_decode "$W/module"
# A report has the address behind the access, which may be on the next line
at()		# FUNCTION TEXT: a frame of it at TEXT's line
{
	local line
	line=$(grep -n "$2" "$T/module/planted.c" | sed 's/:.*//')
	expect_out "^ *$1 \\(.*/planted\\.c:($line|$((line + 1)))\\) planted"
}
at race_add 'shared++;'
at race_clear 'shared = 0;'
