#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# --net user: in one boot, what guest and host can say to each other.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"

need_passt
net_build

# The guest: it asks the host, serves it, and ends when the host says so
net_guest '
	gateway=$(ip route | sed -n "s/^default via \([^ ]*\).*/\1/p")
	ping -c 2 -W 10 198.51.100.1
	echo "link: $(cat /sys/class/net/eth0/carrier)"
	echo "mtu: $(cat /sys/class/net/eth0/mtu)"
	cat /sys/class/net/eth0/address
	echo "hello: $(wget -q -O - http://$gateway:8888/hello)"
	echo "down: $(wget -q -O - http://$gateway:8888/big | md5sum)"
	mkdir /tmp/www
	cp /etc/passwd /tmp/www
	dd if=/dev/urandom of=/tmp/www/big bs=1M count=20 2>/dev/null
	echo "up: $(md5sum </tmp/www/big)"
	/umkvm/sockets serve 53 &
	/umkvm/sockets many $gateway 8890 100
	httpd -p 80 -h /tmp/www
	echo ready
	nc -l -p 81 >/dev/null
'
on_host --timeout 500 -- '
	echo "from the host" >hello
	dd if=/dev/urandom of=big bs=1M count=20 2>/dev/null
	serve 8888
	$sockets serve 8890 &
	start mem=128M --net user,mac=02:00:00:00:00:99,tcp=8080:80,tcp=8081:81,tcp=8053:53,udp=8053:53 --stats
	wait_for ready
	get http://127.0.0.1:8080/passwd | grep -c root:x:0
	echo "down on the host: $(md5sum <big)"
	echo "up on the host: $(get http://127.0.0.1:8080/big | md5sum)"
	$sockets many 127.0.0.1 8053 100 | sed "s/^/to the guest: /"
	$sockets udp 127.0.0.1 8053
	busybox nc -w 1 127.0.0.1 8081 </dev/null
	finish
'

t 'the guest ends in order'
expect_status 0
t 'ping'
expect_out '2 packets received'
t 'the link is up, with the MTU of passt and the address that was asked for'
expect_out '^link: 1'
expect_out '^mtu: 65520'
expect_out '^02:00:00:00:00:99'
t 'the guest connects to a server on the loopback of the host'
expect_out '^hello: from the host'
t 'the guest gets 20 MB'
same_sum down
t 'the host connects to a forwarded port'
expect_out '^1$'
t 'the host gets 20 MB'
same_sum up
t '100 connections at once'
expect_out '^100 connections$'
expect_out '^to the guest: 100 connections$'
t 'UDP'
expect_out '^one datagram$'
t 'nothing was dropped, no frame went through a vCPU thread'
expect_err '^stats: device1.frames_dropped: 0$'
expect_err '^stats: cpu0.shim_exits: [0-9]{1,2}$'
for key in frames_in frames_out doorbells interrupts; do
	echo "# $key: $(net_stat $key)"
done
