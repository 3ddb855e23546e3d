#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# intel
# System calls, page faults, fork and exec, and process switches do not leave
# the VM.  Each program runs N times; what KVM and the shim counted beyond a
# run with N = 0 is held against N.  Nested page faults (first touch of memory)
# and timer interrupts (arming, delivery, end of interrupt) are counted apart.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../build.sh"

guest_build
guest_file "$O/guest/guest-tests"

# Exits per timer interrupt: the interrupt itself, its EOI, and one to re-arm,
# or a cancelled timer and idling in between
per_tick=4

stat()		# NAME: of CPU 0, from the last run
{
	sed -n "s/^stats: cpu0\.$1: //p" "$W/err" | grep . || echo 0
}

measure()	# NAME N: sets kvm, shim
{
	guest_cmd "/umkvm/guest-tests exits_$1 $2" -- --stats
	expect_status 0
	expect_err '^stats: cpu0\.exits: '
	if [ "$UMKVM_WHERE" != record ]; then
		kvm=$(($(stat exits) - $(stat pf_taken) -
		       per_tick * $(stat irq_injections)))
		shim=$(stat shim_exits)
	fi
}

# ALLOWED is what the noise of a boot may add, or one operation in a hundred
check()		# NAME N TEXT
{
	local n=$2 allowed
	case $UMKVM_WHERE in
	record|replay) n=$((n / 20)) ;;
	esac
	allowed=$((n / 100 > 300 ? n / 100 : 300))
	t "$n $3 add no exit"
	measure "$1" "$n"
	echo "# $1: $((kvm - base_kvm)) exits, $((shim - base_shim)) to the shim"
	[ $((kvm - base_kvm)) -le "$allowed" ] ||
		fail "$((kvm - base_kvm)) exits, $allowed allowed"
	[ $((shim - base_shim)) -le 20 ] ||
		fail "$((shim - base_shim)) exits to the shim, 20 allowed"
}

kvm=0 shim=0
t 'a run without operations'
measure getppid 0
base_kvm=$kvm base_shim=$shim

check getppid 1000000 'system calls'
check pagefault 100000 'anonymous page faults'
check forkexec 200 'times fork and exec'
check switch 20000 'process switches'
