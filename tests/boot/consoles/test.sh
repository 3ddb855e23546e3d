#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# Several consoles in one guest, each on another channel: what is typed and
# printed on each, clients that come and go, readers that do not read; and that
# standard input and output are as they are without.
. "${0%/*}/../../lib.sh"

"${CROSS_COMPILE-}gcc" -O1 -Wall -static -o "$W/talk" "$T/talk.c" ||
	fail "talk.c does not build"
guest_initrd '
	cat /sys/class/virtio-ports/*/name | tr "\n" " "
	echo ready
	while [ ! -e /tmp/stop ]; do sleep 0.2; done
	dd if=/dev/zero of=/dev/hvc2 bs=4096 count=64 2>/dev/null
	echo "the guest went on"
	cat
	exit 5
'
run_host --timeout 280 --file "$O/linux" --file "${initrd%,*}" \
	--file "${initrd#*,}" --file "$W/talk" -- sh -c "
	cd ${W@Q}
	seq 20000 >in
	mkfifo fifo3
	linux='$O/linux initrd=$initrd con0=null,fd:1 quiet'
	(exec \$linux con1=unix:sock con2=pty con4=file:log \\
		ssl0=port:9000 ssl2=fd:3,fd:4 <in >out 2>err 3<>fifo3 4>>out4) &
	pid=\$!"'
	try()	# NAME CHANNEL STEP...
	{
		name=$1
		shift
		./talk "$@" >talked
		echo "$name: $? $(tail -n 3 talked | tr "\r\n" "  ")"
	}
	until grep -q ready out; do
		kill -0 $pid || break
		sleep 0.2
	done
	pty=$(sed -n "s/.*con2 is \([^,]*\),.*/\1/p" err)
	try unix unix:sock ">" "<# " ">tty" "<hvc1" ">echo \$((3*37))" "<111"
	try again unix:sock ">echo \$((4*37))" "<148"
	try eof unix:sock ">sleep 1; echo \$((5*37))" eof "<185"
	try port port:9000 ">" "<# " ">tty" "<hvc4" ">echo \$((6*37))" "<222"
	try pty $pty "<Enter" ">" "<# " ">tty" "<hvc2" ">echo \$((7*37))" "<259"
	try terminal $pty ">stty size" "<stty: standard input"
	stty -F $pty rows 43 cols 131
	try resized $pty ">sleep 1; stty size" "<43 131"
	try file port:9000 ">echo to the file >/dev/hvc3; echo \$((8*37))" "<296"
	cat log
	./talk unix:sock ">" end >/dev/null &
	first=$!
	sleep 1
	try second unix:sock end
	kill $first
	wait $first
	try third unix:sock ">touch /tmp/stop; echo \$((9*37))" "<333"
	wait $pid
	echo "status $?"
	[ ! -e sock ] && echo "no socket"
	grep -v "^[0-9]*$" out
	grep "^[0-9]*$" out | cmp - in && echo "input is the same"
	cat err out4
	$linux con1=unix:sock </dev/null >out 2>&1 &
	until grep -q ready out; do
		kill -0 $! || break
		sleep 0.2
	done
	try reboot unix:sock ">" "<# " ">reboot -f" "<press Enter" ">" "<# " \
		">touch /tmp/stop; echo \$((10*37))" "<370"
	wait $!
	echo "then status $?"'
expect_status 0

said()	# TEXT REGEX
{
	t "$1"
	expect_out "$2"
}

said 'names of the ports' '^stdin con1 con2 con4 ssl0 ssl2 ready'
said 'a shell on a unix socket' '^unix: 0 '
said 'its next client finds the same shell' '^again: 0 '
said 'a client that has sent all still gets the answer' '^eof: 0 '
said 'a shell on a TCP port' '^port: 0 '
said 'a shell on a pty' '^pty: 0 '
said 'its size is not known at first' '^terminal: 0 '
said 'and follows' '^resized: 0 '
said 'a file' '^file: 0 '
said 'has the text' '^to the file'
said 'a second client is sent away' '^second: 0 $'
said 'when the first has gone the next is let in' '^third: 0 '
said 'a reader that does not read holds nothing up' '^the guest went on'
said 'standard input goes to the program, byte by byte' '^input is the same'
said 'descriptors' '/dev/hvc5: press Enter'
said 'the status' '^status 5'
said 'the socket goes at the end' '^no socket'
said 'a client stays connected over a reboot' '^reboot: 0 '
said 'and ends that guest' '^then status 5'
