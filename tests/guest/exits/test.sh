#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# intel
# System calls, page faults, fork and exec, process switches, clocks, signals and
# ptrace do not leave the VM.  Each program runs N times; what KVM and the shim
# counted beyond a run with N = 0 is held against N.  Nested page faults (first
# touch of memory) and interrupts (arming, delivery, end) are counted apart.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../build.sh"

guest_build
guest_file "$O/guest/guest-tests"
guest_file "$O/guest/nothing"

# In the test bed's own time a slow host makes no ticks
bed=()
where
[ "$UMKVM_WHERE" != bed ] || bed=(--icount)

# Exits per interrupt beside the external ones: one to arm the timer again; its
# end makes none, thanks to PV EOI
per_tick=1

stat()		# NAME: of CPU 0, from the last run
{
	sed -n "s/^stats: cpu0\.$1: //p" "$W/err" | grep . || echo 0
}

measure()	# NAME N: sets kvm, shim
{
	guest_cmd "/umkvm/guest-tests exits_$1 $2" "${bed[@]}" -- --stats
	expect_status 0
	expect_err '^stats: cpu0\.exits: '
	if [ "$UMKVM_WHERE" != record ]; then
		kvm=$(($(stat exits) - $(stat pf_taken) - $(stat irq_exits) -
		       $(stat irq_window_exits) -
		       per_tick * $(stat irq_injections)))
		shim=$(stat shim_exits)
	fi
}

# With --icount a boot repeats to the exit, elsewhere ALLOWED is its noise, or
# one operation in a hundred
check()		# NAME N TEXT
{
	local n=$2 allowed
	case $UMKVM_WHERE in
	record|replay) n=$((n / 20)) ;;
	esac
	allowed=$((n / 100 > 300 ? n / 100 : 300))
	[ ${#bed[@]} -eq 0 ] || allowed=20
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
check forkexec 1000 'times fork and exec'
check switch 20000 'process switches'
check clock 1000000 'readings of a clock'
check signal 100000 'signals to a handler'
check ptrace 20000 'stops of a traced program'
