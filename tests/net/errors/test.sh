#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# Networks that are not to be had, and passt that ends too early or not at all.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"

need_passt

# A guest whose network goes away under it
net_guest '
	echo "before: $(cat /sys/class/net/eth0/carrier)"
	echo ready
	while [ "$(cat /sys/class/net/eth0/carrier)" = 1 ]; do
		sleep 0.1
	done
	echo "after: $(cat /sys/class/net/eth0/carrier)"
	ping -c 1 -W 1 198.51.100.1
	echo "the console goes on"
	exit 7
'
on_host --timeout 150 -- '
	try()	# NAME WORD...: prints status, number of lines on stderr, the last
	{
		name=$1 code=0
		shift
		guest "$@" >/dev/null 2>err || code=$?
		echo "$name: $code $(wc -l <err) $(tail -n 1 err)"
	}
	# The passt of this shell: the one that was not there before
	all() { pidof passt passt.avx2 | tr " " "\n" | sort -u; }
	all >before
	mine() { all | sort - before before | uniq -u; }

	try word --net slirp
	try eth0 eth0=tuntap,,,192.0.2.1
	try vec0 vec0:transport=raw,ifname=dummy0
	PATH=/nowhere try missing --net user
	serve 8899
	try busy --net user,tcp=8899:80
	# In a user namespace of its own root may not make a tap
	inner=$linux
	linux=no_root
	no_root() { busybox unshare -U "$inner" "$@"; }
	try tap --net tap,dev=none0
	linux=$inner

	start --net user
	wait_for ready
	kill -KILL $(mine)
	finish
	echo "status: $?"

	start --net user
	wait_for ready
	kill -KILL $guest
	wait $guest
	sleep 1
	echo "left: $(mine)."
'

t 'words that name no network'
expect_out '^word: 125 1 linux: --net: "slirp": no such network; '
t "UML's spellings that are refused"
expect_out '^eth0: 125 1 linux: eth0=.*vec0:transport=tap'
expect_out '^vec0: 125 1 linux: vec0: "raw": no such network; '
t 'passt is not installed'
expect_out '^missing: 125 1 linux: --net user: passt is not installed: apt-get install passt$'
t 'the port is in use'
expect_out '^busy: 125 1 linux: --net user: passt: Failed to bind .*8899'
t 'a tap that this user may not make'
expect_out '^tap: 125 1 linux: --net tap: dev=none0: Operation not permitted; make it first: ip tuntap'
t 'passt dies: one line, the link goes down, the rest goes on'
expect_err '^linux: --net user: passt has ended; .* is down$'
expected 'more than one line' [ "$(grep -c '^linux: ' "$W/err")" = 1 ]
expect_out '^before: 1'
expect_out '^after: 0'
expect_out '^the console goes on'
expect_out '^status: 7$'
t 'passt ends with a shim that is killed'
expect_out '^left: \.$'
