#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 250
# A tap whose frames the host's kernel moves: with memory on both sides of the
# hole, over a reboot, with the offloads, and without any thread of the shim.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"

where
[ "$UMKVM_WHERE" != direct ] || [ "$(id -u)" = 0 ] ||
	skip "making a tap device needs root"
[ "$UMKVM_WHERE" != direct ] || [ -e /dev/vhost-net ] ||
	skip "no /dev/vhost-net: modprobe vhost_net"

net_guest "$tap_link"'
	wget -q -O /tmp/again http://198.18.7.1:8888/again
	if [ "$(cat /tmp/again)" = yes ]; then
		echo rebooting
		reboot
	fi
'"$tap_files"'
	grep -s . /sys/class/net/eth0/device/features
	echo ready
	nc -l -p 81 >/dev/null
'
on_host --timeout 200 -- '
	tap_up
	echo yes >again
	start mem=3200M ip=off --net tap,dev=umtap0 --stats
	wait_for rebooting
	echo no >again
	wait_for ready
	tap_sums
	finish
	code=$?
	cat /sys/class/net/umtap0/statistics/rx_packets |
		sed "s/^/frames from the guest: /"
	mv /dev/vhost-net /dev/away
	"$linux" initrd=$initrd --net tap,dev=umtap0,vhost=on 2>&1
	echo "missing: $?"
	mv /dev/away /dev/vhost-net
	busybox tunctl -d umtap0 >/dev/null
	exit $code
'

t 'the guest ends in order'
expect_status 0
t 'ping, before and after a reboot'
expected 'two answers, twice' [ "$(grep -c '2 packets received' "$W/out")" = 2 ]
t 'the guest gets 20 MB, the host gets 20 MB'
same_sum down
same_sum up
t 'segmentation is left to the host: 20 MB would be 14000 frames, are fewer than 8000'
frames=$(sed -n 's/^frames from the guest: //p' "$W/out")
echo "# frames from the guest: $frames"
expected "frames: $frames" [ "${frames:-9999}" -lt 8000 ]
t 'no frame went through a thread of the shim'
expect_err '^stats: cpu0.shim_exits: [0-9]{1,2}$'
expect_err '^stats: device1.doorbells: 0$'
expect_err '^stats: device1.interrupts: 0$'
expect_no_err 'frames_in'
t 'vhost=on is refused where there is no vhost-net'
expect_out '^linux: --net tap,vhost=on: cannot open /dev/vhost-net: No such file .* modprobe vhost_net'
expect_out '^missing: 125$'
