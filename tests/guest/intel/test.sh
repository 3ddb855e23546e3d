#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# The short form of `make check-intel`: one boot of the Intel bed, in which the
# shim probes KVM and boots three guests: one that does nothing, one that makes
# system calls and page faults, of which none may leave the VM, and one that
# runs the tests of signals and exceptions.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../build.sh"
UMKVM_WHERE=intel

guest_build
guest_file "$O/guest/guest-tests"

calls=20000 faults=5000

# Sets initrd; each guest has a name of its own for its archive
prepare()
{
	runs=$1
	guest_initrd "$2"
}

prepare 1 '/umkvm/guest-tests exits_getppid 0; exit 3'
idle=$initrd
prepare 2 "/umkvm/guest-tests exits_getppid $calls &&
	/umkvm/guest-tests exits_pagefault $faults; exit 4"
busy=$initrd
prepare 3 'TAP_SLOW=20 UMKVM=1 /umkvm/guest-tests run-all --no-leak \
	exception signal'
suite=$initrd

t 'the shim accepts this KVM, and guests boot and end'
# shellcheck disable=SC2016	# expands in L1
run_host --timeout 800 -- sh -c '
	"$1" --probe || exit 1
	for initrd in "$2" "$3" "$4"; do
		echo "guest: $initrd"
		"$1" "$initrd" con0=null,fd:1 quiet --stats </dev/null 2>stats
		echo "status: $?"
		sed -n "s/^stats: cpu0\.//p" stats
	done' sh "$O/linux" "initrd=$idle" "initrd=$busy" "initrd=$suite"
expect_status 0

part()		# N: what guest N printed
{
	awk -v n="$1" '/^guest: / { i++ } i == n' "$W/out"
}

count()		# N KEY: of guest N
{
	part "$1" | sed -n "s/^$2: //p" | grep . || fail "no $2 of guest $1"
}

beyond()	# KEY: what guest 2 has more than guest 1
{
	echo $(($(count 2 "$1") - $(count 1 "$1")))
}

t 'their status'
[ "$(count 1 status)" = 3 ] || fail "idle: $(count 1 status)"
[ "$(count 2 status)" = 4 ] || fail "busy: $(count 2 status)"

t "$calls system calls and $faults page faults add no exit"
ticks=$(beyond irq_injections)
exits=$(($(beyond exits) - $(beyond pf_taken) - 4 * (ticks > 0 ? ticks : 0)))
echo "# $exits exits, $(beyond shim_exits) to the shim, $ticks interrupts"
[ "$exits" -le 500 ] || fail "$exits exits, 500 allowed"
[ "$(beyond shim_exits)" -le 20 ] || fail "exits to the shim"

t 'signals and exceptions'
part 3 | grep '^not ok' && fail 'see above'
[ "$(count 3 status)" = 0 ] || fail "suite: $(count 3 status)"
[ "$(part 3 | grep -c '^ok')" -ge 25 ] || fail 'too few results'
