#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# A tap device, in UML's words, read and written by the shim: addresses by hand,
# and the offloads.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"

where
[ "$UMKVM_WHERE" != direct ] || [ "$(id -u)" = 0 ] ||
	skip "making a tap device needs root"

net_guest "$tap_link"'
	echo "mtu: $(cat /sys/class/net/eth0/mtu)"
'"$tap_files"'
	echo ready
	nc -l -p 81 >/dev/null
'
on_host --timeout 150 -- '
	tap_up
	start mem=128M ip=off vec0:transport=tap,ifname=umtap0,depth=64,vhost=off --stats
	wait_for ready
	tap_sums
	finish
	code=$?
	busybox tunctl -d umtap0 >/dev/null
	exit $code
'

t 'the guest ends in order'
expect_status 0
t 'ping'
expect_out '2 packets received'
expect_out '^mtu: 1500'
t 'the guest gets 20 MB, the host gets 20 MB'
same_sum down
same_sum up
t 'segmentation is left to the host: 20 MB would be 14000 frames, are fewer than 8000'
for key in frames_in frames_out; do
	frames=$(net_stat $key)
	echo "# $key: $frames"
	expected "$key: $frames" [ "${frames:-9999}" -lt 8000 ]
done
t 'no frame went through a vCPU thread'
expect_err '^stats: cpu0.shim_exits: [0-9]{1,2}$'
