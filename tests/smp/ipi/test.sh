#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# serial
# long
# Two vCPUs that run at the same time: an IPI costs at most one exit on each
# side, and so does the flush of another CPU's TLB.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

smp_build
guest_file "$S/operations"

measure()	# NAME N: sets sender, receiver, ms
{
	guest_cmd "/umkvm/operations $1 $2" --smp 2 --timeout 120 -- \
		--stats ncpus=2
	expect_status 0
	expect_err '^stats: cpu1\.exits: '
	# on the CPU that receives, interrupts are what counts
	sender=$(own_exits 0)
	receiver=$(($(stat 1 exits) - $(stat 1 pf_taken)))
	ms=$(sed -nE 's/.* operations, ([0-9]+) ms$/\1/p' "$W/out")
	ms=${ms:-0}
}

t 'runs without operations'
measure none 0
base_sender=$sender base_receiver=$receiver
measure none 4000
# Ticks of host and guest on a busy CPU, in a thousand milliseconds
ticks=$(((receiver - base_receiver) / 4))
echo "# base: $base_sender and $base_receiver exits, $ticks a second on a busy CPU"
[ "$ticks" -ge 0 ] || ticks=0

at_most()	# WHO EXITS LIMIT
{
	[ "$2" -le "$3" ] || fail "$2 exits on $1, $3 allowed"
}

# One exit an operation on both sides, with a tolerance of a tenth
between()	# NAME N TEXT
{
	t "$2 $3: at most one exit on each side"
	measure "$1" "$2"
	sender=$((sender - base_sender))
	receiver=$((receiver - base_receiver - ticks * ms / 1000))
	echo "# $1: $sender exits to send, $receiver to receive, $ms ms"
	# Where each waits for the other CPU's tick, ticks are all that is seen
	if [ "$ms" -gt $(($2 * 2)) ]; then
		skip "$2 took $ms ms: this machine is too busy"
		return
	fi
	at_most 'the sending CPU' "$sender" $(($2 * 11 / 10))
	at_most 'the receiving CPU' "$receiver" $(($2 * 11 / 10))
}

between ipi 10000 'membarriers'
between shootdown 10000 'flushes'
