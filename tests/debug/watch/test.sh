#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# intel
# timeout: 200
# Watchpoints and hardware breakpoints of --gdb, by the debug registers of two vCPUs.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../debug.sh"
need "$O/kernel/System.map"

address()
{
	sed -n "s/^\([0-9a-f]*\) . $1\$/\1/p" "$O/kernel/System.map"
}
jiffies=$(address jiffies_64)
state=$(address system_state)
tick=$(address tick_do_update_jiffies64)

guest_of_lines
# shellcheck disable=SC2016
run_host --timeout 150 --file "$O/linux" --file "${initrd%,*}" \
	--file "${initrd#*,}" --file "$W/rsp" -- sh -c "
	cd ${W@Q}
	$O/linux initrd=$initrd con0=null,fd:1 quiet ncpus=2 --gdb=./sock >out 2>err &
	pid=\$!"'
	for n in $(seq 300); do
		grep -q "line 1" out && break
		sleep 0.2
	done
	./rsp sock "+?" "+Z2,'"$state"',4" "+Z2,'"$jiffies"',8" ">\$vCont;c#a8" stop \
		">\$vCont;c#a8" stop "+z2,'"$jiffies"',8" "+Z4,'"$jiffies"',8" \
		">\$vCont;c#a8" stop "+z4,'"$jiffies"',8" "+Z1,'"$tick"',1" ">\$vCont;c#a8" \
		stop "+z1,'"$tick"',1" +D end
	before=$(grep -c line out)
	for n in $(seq 100); do
		[ "$(grep -c line out)" -gt $((before + 1)) ] && break
		sleep 0.5
	done
	[ "$(grep -c line out)" -gt $((before + 1)) ] && echo "the guest goes on"
	kill $pid
	wait $pid
	cat err'

t 'of two places that are watched, the one that was written; then the one that was used'
expect_status 0
[ "$(grep -c "^T05thread:[12];watch:$jiffies;" "$W/out")" = 3 ] || {
	fail "not three times T05thread:N;watch:$jiffies;"
	sed 's/^/# /' "$W/out" "$W/err"
}
t 'a hardware breakpoint'
expect_out '^T05thread:[12];hwbreak:;$'
expect_no_out '^E'
t 'and on without them'
expect_out '^the guest goes on$'
