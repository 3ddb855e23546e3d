#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# serial
# What a packet costs: doorbells, interrupts and exits of 200 pings, from
# --stats of a guest with them and of one without.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"

need_passt

measure()	# N: leaves doorbells, interrupts, exits and shim
{
	net_guest "[ $1 = 0 ] || ping -A -q -c $1 198.51.100.1"
	on_host --icount --timeout 120 -- 'guest --net user --stats'
	expect_status 0
	[ "$1" = 0 ] || expect_out "^$1 packets transmitted, $1 packets received"
	doorbells=$(net_stat doorbells) interrupts=$(net_stat interrupts)
	exits=$(sed -n 's/^stats: cpu0\.exits: //p' "$W/err")
	shim=$(sed -n 's/^stats: cpu0\.shim_exits: //p' "$W/err")
}

at_most()	# WHAT N WITHOUT LIMIT
{
	echo "# $1 of 200 pings: $(($2 - $3))"
	expected "$1: $(($2 - $3)), $4 allowed" [ $(($2 - $3)) -le "$4" ]
}

t 'a guest without packets'
measure 0
was=("$doorbells" "$interrupts" "$exits" "$shim")
t 'a guest with 200 pings'
measure 200
t 'one doorbell for a packet that leaves'
at_most doorbells "$doorbells" "${was[0]}" 220
t 'one interrupt for a packet that comes, and one for what has left'
at_most interrupts "$interrupts" "${was[1]}" 420
t 'no exit to a vCPU thread'
at_most 'exits to the shim' "$shim" "${was[3]}" 2
echo "# all exits: $((exits - was[2]))"
