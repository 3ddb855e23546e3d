#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# --vsock: "linux shell", a second shell in a guest that runs, and programs of
# their own on both sides; the same guest after a reboot; what is refused.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"

where
[ "$UMKVM_WHERE" != direct ] || [ -w /dev/vhost-vsock ] ||
	skip "no /dev/vhost-vsock that may be written: modprobe vhost_vsock"
sockets=$W/vs
${CROSS_COMPILE-}gcc -O1 -Wall -static -o "$sockets" "$T/vs.c" ||
	fail "vs.c does not build"
guest_file "$sockets"

# Once it has booted: echo on a vsock port, then whatever the shells do
net_guest '
	/umkvm/vs serve 5000 >/dev/null &
	echo ready
	until [ -e /tmp/end ]; do sleep 1; done
'
on_host --timeout 350 -- '
	sh_in()	# NAME COMMAND...
	{
		"$linux" shell uml_dir=. "$@"
	}
	check()	# TEXT: prints it with the status of the last command
	{
		echo "$1 status $?"
	}
	"$linux" --vsock=2 2>&1; check low:
	"$linux" --vsock=x 2>&1; check word:
	"$linux" shell 2>&1; check usage:
	"$linux" shell uml_dir=. nobody 2>&1; check unknown:
	start mem=128M umid=u uml_dir=. --vsock --stats
	wait_for ready
	read -r cid key <u/shell
	key=${key#*=}
	echo "cid: $cid, mode $(stat -c %a u/shell)"
	sh_in u "echo out; echo err >&2; exit 7" >out 2>err; check command:
	echo "streams: $(cat out) $(cat err)"
	sh_in u "kill -9 \$\$"; check killed:
	echo "one two" | sh_in u cat; check pipe:
	sh_in u echo "a b" c </dev/null; check words:
	echo "echo from a login shell" | sh_in u; check login:
	sh_in u "sleep 1000 & echo background" </dev/null; check background:
	dd if=/dev/urandom of=big bs=1M count=8 2>/dev/null
	echo "echoed on the host: $(md5sum <big)"
	echo "echoed: $(sh_in u cat <big | md5sum)"
	echo "sent on the host: $(md5sum <big)"
	echo "sent: $(sh_in u md5sum <big)"
	echo "plain on the host: $(md5sum <big)"
	echo "plain: $($sockets send $cid 5000 <big | md5sum)"
	$sockets serve 6000 >/dev/null &
	sleep 1
	echo "back: $(sh_in u "echo to the host | /umkvm/vs send 2 6000" </dev/null)"
	# A terminal: its size, its kind, and another size later
	TERM=vt100 $sockets tty "$linux" shell uml_dir=. u "tty; echo term \$TERM
		stty size; sleep 6; stty size; exit 3"
	# It does not know the key; it says what cannot be; the guest goes on
	printf "R\001\000x" | $sockets junk $cid 514; check "no key:"
	printf "K\020\0000000000000000000" | $sockets junk $cid 514; check "wrong key:"
	printf "K\377\377" | $sockets junk $cid 514; check "long:"
	printf "K\020\000%sR\005\000true\nI\001\000zZ\000\000W\001\000x" $key |
		$sockets junk $cid 514 >/dev/null
	head -c 60000 /dev/urandom | $sockets junk $cid 514
	sh_in u true; check "after junk:"
	# A client that goes takes its programs along
	"$linux" shell uml_dir=. u "echo \$\$ >/tmp/pid; sleep 999" </dev/null &
	sleep 3
	kill $!
	sleep 1
	sh_in u "kill -0 \$(cat /tmp/pid) 2>/dev/null"; check "left behind:"
	"$linux" initrd=$initrd --vsock=$cid 2>&1; check "in use:"
	sh_in u "sleep 1; reboot" </dev/null 2>&1; check reboot:
	until [ "$(grep -c ready console)" = 2 ]; do sleep 0.2; done
	sh_in u uname; check "after the reboot:"
	echo "again on the host: $(md5sum <big)"
	echo "again: $($sockets send $cid 5000 <big | md5sum)"
	sh_in u touch /tmp/end; check end:
	finish
	code=$?
	[ ! -e u ] || code=97
	mv /dev/vhost-vsock /dev/away
	"$linux" initrd=$initrd --vsock 2>&1; check missing:
	mv /dev/away /dev/vhost-vsock
	chmod 666 /dev/kvm
	chmod 755 .
	su nobody -s /bin/sh -c "$linux initrd=$initrd --vsock" 2>&1; check nobody:
	exit $code
'

t 'the guest ends in order, and nothing is left of its name'
expect_status 0
t 'a CID is chosen; the key is for its owner'
expect_out '^cid: [0-9]+, mode 600$'
t 'status, output and errors of a command'
expect_out '^command: status 7$'
expect_out '^streams: out err$'
expect_out '^killed: status 137$'
t 'input through a pipe, and its end'
expect_out '^one two$'
expect_out '^pipe: status 0$'
expect_out '^a b c$'
expect_out '^from a login shell$'
t 'a command that leaves something in the background is not waited for'
expect_out '^background: status 0$'
t '8 MB to a program and back, to a program, to a port and back'
same_sum echoed
same_sum sent
same_sum plain
t 'a program of the guest reaches a port of the host'
expect_out '^back: to the host$'
t 'a terminal with the size, the name and the status; then it is as before'
expect_out '^/dev/pts/[0-9]'
expect_out '^term vt100'
expect_out '^33 99'
expect_out '^44 55'
expect_out '^terminal: status 3, cooked'
t 'who does not know the key, or says what cannot be, is sent away'
for what in 'no key' 'wrong key' long 'after junk'; do
	expect_out "^$what: status 0$"
done
t 'who goes takes the programs along'
expect_out '^left behind: status 1$'
t 'a reboot ends a session, and all works after it'
expect_out '^linux: shell u: the guest has closed the connection'
expect_out '^reboot: status 125$'
expect_out '^Linux$'
expect_out '^after the reboot: status 0$'
same_sum again
t 'no byte went through a vCPU thread'
expect_err '^stats: cpu0.shim_exits: [0-9]{1,2}$'
t 'what is refused, in one line'
while IFS='|' read -r name line; do
	expect_out "^$name: status 125$"
	expect_out "^linux: $line"
done <<'END'
low|--vsock=2: not a CID from 3 to
word|--vsock=x: not a CID
usage|usage: linux shell .* NAME
unknown|shell nobody: ./nobody/shell: No such file .* started with umid=nobody --vsock
in use|--vsock=[0-9]*: another guest has this CID
missing|--vsock: cannot open /dev/vhost-vsock: No such file .* modprobe vhost_vsock
nobody|--vsock: cannot open /dev/vhost-vsock: Permission denied; it is for root
END
