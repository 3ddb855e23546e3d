#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# serial
# Exits per operation with several CPUs, from --stats.  What stays on one CPU
# makes none; an IPI and the flush of another CPU's TLB cost at most one exit to
# send, and arrive as one interrupt; an idle guest sleeps.  The exits of the CPU
# that gets an IPI need a second CPU of the host: tests/smp/ipi.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

smp_build
guest_file "$S/operations"

# Calls that arrived at CPU 1
calls()
{
	sed -n 's/^CAL: *[0-9]* *\([0-9]*\) .*/\1/p' "$W/out" | grep . || echo 0
}

measure()	# NAME N: sets sender, calls, ms
{
	guest_cmd "/umkvm/operations $1 $2; grep CAL /proc/interrupts" \
		--timeout 120 -- --stats ncpus=2
	expect_status 0
	expect_err '^stats: cpu1\.exits: '
	sender=$(own_exits 0) calls=$(calls)
	ms=$(sed -nE 's/.* operations, ([0-9]+) ms$/\1/p' "$W/out")
}

t 'a run without operations'
measure none 0
base_sender=$sender base_calls=$calls
echo "# base: $base_sender exits, $base_calls calls"

at_most()	# WHAT NUMBER LIMIT
{
	[ "$2" -le "$3" ] || fail "$2 $1, $3 allowed"
}

# The noise of a boot is allowed
one_each()	# NAME N TEXT
{
	t "$2 $3: at most one exit to send and one interrupt"
	measure "$1" "$2"
	sender=$((sender - base_sender)) calls=$((calls - base_calls))
	echo "# $1: $sender exits to send, $calls interrupts, $ms ms"
	at_most 'exits to send' "$sender" $(($2 * 11 / 10 + 300))
	at_most 'interrupts' "$calls" $(($2 * 11 / 10 + 50))
}

# None; the noise of a boot, or one operation in a hundred, is allowed
within()	# NAME N TEXT
{
	t "$2 $3 on one of two CPUs add no exit"
	measure "$1" "$2"
	echo "# $1: $((sender - base_sender)) exits, $ms ms"
	at_most 'exits of CPU 0' $((sender - base_sender)) \
		$(($2 / 100 > 300 ? $2 / 100 : 300))
}

one_each ipi 500 'membarriers'
one_each shootdown 2000 'flushes'
within switch 20000 'thread switches'
within futex 20000 'futex wakes'
within pipe 20000 'round trips over pipes'

# Both counts are of one boot: boots differ by more than an idle guest does
guest_initrd 'echo asleep; sleep 100'
smp_script --timeout 100 -- --stats "initrd=$initrd" con0=null,fd:1 quiet \
	ncpus=4 <<'SCRIPT'
"$@" >out 2>err </dev/null & pid=$!
while ! grep -q asleep out; do sleep 1; done
sleep 10
kill -USR1 $pid
sleep 20
kill -USR1 $pid
sleep 1
kill -TERM $pid
wait $pid
# the two, and those at the end
awk '/^stats: cpu[0-9]*\.exits:/ { n[int(lines++ / 4)] += $3 }
	END { print "lines " lines ", idle " n[1] - n[0] }' err
SCRIPT

t 'an idle guest makes at most 10 exits a second on each CPU'
expect_out '^lines 12, idle [0-9]+$'
idle=$(sed -n 's/.*, idle //p' "$W/out")
echo "# idle: $idle exits of 4 CPUs in 20 seconds"
at_most 'exits of all CPUs' "$idle" $((10 * 20 * 4))
