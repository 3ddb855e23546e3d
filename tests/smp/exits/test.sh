#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# serial
# Exits per operation with several CPUs, from --stats.  What stays on one CPU
# makes none; an IPI costs at most one exit where it is sent and one where it
# arrives, and so does the flush of another CPU's TLB; an idle guest sleeps.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

smp_build
guest_file "$S/operations"

stat()		# CPU NAME: from the last run
{
	sed -n "s/^stats: cpu$1\.$2: //p" "$W/err" | grep . || echo 0
}

# Without nested page faults.  Of the CPU that does the operations without
# interrupts either, as in tests/guest/exits; on the other they are what counts.
measure()	# NAME N: sets sender, receiver, ms
{
	guest_cmd "/umkvm/operations $1 $2" --smp 2 --multi --timeout 120 -- \
		--stats ncpus=2
	expect_status 0
	expect_err '^stats: cpu1\.exits: '
	sender=$(($(stat 0 exits) - $(stat 0 pf_taken) - $(stat 0 irq_exits) -
		  $(stat 0 irq_window_exits) - $(stat 0 irq_injections)))
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

# None; the noise of a boot, or one operation in a hundred, is allowed
within()	# NAME N TEXT
{
	t "$2 $3 on one of two CPUs add no exit"
	measure "$1" "$2"
	echo "# $1: $((sender - base_sender)) exits, $ms ms"
	at_most 'CPU 0' $((sender - base_sender)) \
		$(($2 / 100 > 300 ? $2 / 100 : 300))
}

between ipi 10000 'membarriers'
between shootdown 10000 'flushes'
within switch 20000 'thread switches'
within futex 20000 'futex wakes'
within pipe 20000 'round trips over pipes'

all_exits()	# SECONDS: of the four CPUs of a guest that sleeps as long
{
	guest_cmd "sleep $1" --smp 2 --timeout 120 -- --stats ncpus=4
	expect_status 0
	expect_err '^stats: cpu3\.exits: '
	total=$(sed -n 's/^stats: cpu[0-9]*\.exits: //p' "$W/err" |
		awk '{ n += $1 } END { print n }')
}

t 'an idle guest makes at most 10 exits a second on each CPU'
all_exits 0
base=$total
all_exits 20
echo "# idle: $((total - base)) exits of 4 CPUs in 20 seconds"
at_most 'all CPUs' $((total - base)) $((10 * 20 * 4))
