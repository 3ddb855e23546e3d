#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1500
# long
# A gigabyte in each direction through --net user, with checksums.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"

need_passt

# Lines that differ, so that a piece lost, doubled or moved is seen
source='seq 200000000 | head -c 1000000000'
sum=$(eval "$source" | md5sum)
net_guest "
	gateway=\$(ip route | sed -n 's/^default via \([^ ]*\).*/\1/p')
	echo ready
	nc -l -p 82 | md5sum
	$source | nc \$gateway 8883
"
on_host --timeout 1400 -- "
	busybox nc -l -p 8883 | md5sum >up &
	start mem=128M --net user,tcp=8082:82 --stats
	wait_for ready
	date +%s
	$source | busybox nc 127.0.0.1 8082
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
