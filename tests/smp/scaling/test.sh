#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# serial
# long
# What a second CPU brings, in the guest and beside it without a guest: the
# guest may lose a tenth of it.  On an idle machine with two CPUs.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

seconds=${SCALE_SECONDS:-5} rounds=3
[ "$(nproc)" -ge 2 ] || skip "one CPU"
smp_build
guest_file "$S/scale"

# A command line that runs PROGRAM so often
times()
{
	local i
	for ((i = 0; i < rounds; i++)); do
		printf '%s %s; ' "$1" "$seconds"
	done
}

# Time of two by time of one, for the same work each: 1 where CPUs do not share
# anything.  Of all rounds the best rates count: what disturbs makes them less.
ratio()		# NAME
{
	awk -v name="$1" '$1 == name && $2 > one { one = $2 }
		$1 == name && $3 > two { two = $3 }
		END { printf "%.3f\n", two ? 2 * one / two : 0 }' "$W/out"
}

# Sets busy and pipe from the last run
ratios()	# WHERE
{
	expect_status 0
	sed -n "s/^\(busy\|pipe\) /# $1: &/p" "$W/out"
	expected 'numbers are missing' \
		[ "$(grep -cE '^(busy|pipe) ' "$W/out")" -eq $((2 * rounds)) ]
	busy=$(ratio busy) pipe=$(ratio pipe)
	echo "# $1: two take $busy times as long as one (busy), $pipe (pipe)"
}

t 'without a guest'
run_host --smp 2 --file "$S/scale" -- sh -c "$(times "$S/scale")"
ratios host
host_busy=$busy host_pipe=$pipe

t 'in a guest'
guest_cmd "$(times /umkvm/scale)" --smp 2 -- ncpus=2
ratios guest

at_most()	# RATIO OF-THE-HOST
{
	awk "BEGIN { exit !($1 > 0 && $2 > 0 && $1 <= 1.1 * $2) }" ||
		fail "$1 in the guest, $2 without: more than 1.1 times as much"
}
t "busy threads: $busy in the guest, $host_busy without"
at_most "$busy" "$host_busy"
t "pairs over pipes: $pipe in the guest, $host_pipe without"
at_most "$pipe" "$host_pipe"
