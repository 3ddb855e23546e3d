#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1500
# long
# A gigabyte in each direction through --net user, with checksums.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"

need_passt

# A file 50 times, with a number in front of each
head -c 20000000 /dev/urandom >"$W/big"
guest_file "$W/big"
repeat='i=0; while [ $i -lt 50 ]; do echo $i; cat $big; i=$((i + 1)); done'
sum=$(big=$W/big; eval "$repeat" | md5sum)
# A listening nc has an input that does not end: the other side would see that
# end, and end too.
net_guest "
	mkfifo open && exec 9<>open
	gateway=\$(ip route | sed -n 's/^default via \([^ ]*\).*/\1/p')
	nc -l -p 82 <&9 | md5sum &
	until netstat -ltn | grep -q :82; do
		usleep 100000
	done
	echo ready
	wait
	big=/umkvm/big
	($repeat) | nc \$gateway 8883 >/dev/null
"
on_host --timeout 1400 --file "$W/big" -- "
	big=$W/big
	mkfifo open && exec 9<>open
	# Debian 12's passt resets a connection whose server never says a word
	echo go >&9
	busybox nc -l -p 8883 <&9 | md5sum >up &
	start --net user,tcp=8082:82 --stats
	wait_for ready
	date +%s
	($repeat) | busybox nc 127.0.0.1 8082
	date +%s
	finish
	code=\$?
	date +%s
	echo up \$(cat up)
	exit \$code
"

t 'the guest ends in order'
expect_status 0
t 'to the guest'
expect_out "^${sum%% *} "
t 'from the guest'
expect_out "^up ${sum%% *}"
t 'nothing was dropped'
expect_err '^stats: device1.frames_dropped: 0$'
grep -aE '^[0-9]{10}$' "$W/out" | xargs echo "# seconds since 1970:"
