#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# The debugger's port (--gdb) and those who come there: clients that leave,
# leave in the middle of a packet, talk nonsense, come second, or kill; and what
# a port costs where nobody comes.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../debug.sh"

t 'bad input'
for value in x /no/such/dir/sock 99999; do
	run_linux -- "--gdb=$value" mem=64M
	expect_status 125
	expect_err "^linux: --gdb=$value: "
done

guest_of_lines
# shellcheck disable=SC2016
run_host --timeout 250 --file "$O/linux" --file "${initrd%,*}" \
	--file "${initrd#*,}" --file "$W/rsp" -- sh -c "
	cd ${W@Q}
	$O/linux initrd=$initrd con0=null,fd:1 quiet ncpus=2 --gdb=./sock >out 2>err &
	pid=\$!"'
	goes_on()
	{
		before=$(grep -c line out)
		n=0
		while [ "$(grep -c line out)" -le $((before + 1)) ] && [ $n -lt 60 ]; do
			sleep 0.5
			n=$((n + 1))
		done
		[ $n -lt 60 ] && echo "$1: the guest goes on"
	}
	for n in $(seq 300); do
		grep -q "line 1" out && break
		sleep 0.2
	done
	./rsp sock "+?" "+qfThreadInfo" "+p10" +D end && goes_on detach
	./rsp sock "+?" "+Z0,ffffffff80200000,1" ">\$m1234" && goes_on vanish
	./rsp sock ">hello, is this HTTP?" ">\$#\$g#00" ">}}}}" && goes_on garbage
	./rsp sock "+vCont;c;" "+vCont;c:zz" "+Zx" "+m" "+G12" "+Pff=0" "+mffffffff,1" && goes_on wrong
	./rsp sock "+?" flood idle && goes_on slow
	./rsp sock "+?" ">\$vCont;c#a8" "^C" stop "+vCont;s:1" ">\$vCont;c#a8" && goes_on interrupt
	mkfifo hold
	./rsp sock "+?" end <hold >first &
	first=$!
	exec 9>hold
	until grep -q T05 first; do sleep 0.2; done
	./rsp sock end && echo "second: refused"
	kill $first
	wait $first
	goes_on first
	./rsp sock "+vKill;1" end
	wait $pid
	echo "status $?"
	[ ! -e sock ] && echo "no socket"
	cat err'
t 'attach to a running guest, look, detach'
expect_status 0
expect_out '^T05thread:1;$'
expect_out '^m1,2$'
expect_out '^[0-9a-f]{16}$'
expect_out '^detach: the guest goes on$'
t 'a client that vanishes in the middle of a packet'
expect_out '^vanish: the guest goes on$'
t 'garbage, and packets that make no sense'
expect_out '^garbage: the guest goes on$'
expect_out '^wrong: the guest goes on$'
expect_out '^E16$'
t 'a client that does not read'
expect_out '^slow: the guest goes on$'
t 'Ctrl-C, a step, and on'
expect_out '^T02thread:'
expect_out '^interrupt: the guest goes on$'
t 'a second client is refused, the next one is not'
expect_out '^second: refused$'
expect_out '^first: the guest goes on$'
t 'killed by the debugger'
expect_out '^OK$'
expect_out '^status 137$'
expect_out '^linux: ended: signal: killed by the debugger$'
expect_out '^no socket$'

# exits beside those of time, which are the same instructions in the same order
boot_exits()
{
	guest_cmd 'true' --icount -- --stats "$@"
	sed -n 's/.*exits: *\([0-9]*\).*/\1/p' "$W/err" | head -n 1
}
t 'nobody comes: not one exit more'
without=$(boot_exits)
with=$(boot_exits --gdb="$W/sock")
echo "# exits without $without, with $with"
[ "$without" ] && [ "$with" -le $((without + without / 50)) ] ||
	fail "exits without $without, with $with"
