#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# linux run --net user: an address, name servers, and the host's loopback.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../program.sh"
command -v passt >/dev/null || skip "passt is not installed"

program_run --timeout "$((100 * ${TIMEOUT_SCALE:-1}))" <<'END'
mkdir -p /etc
printf "nameserver 127.0.0.53\nnameserver 192.0.2.99\n" >/etc/resolv.conf
echo "a page of the host" >page
busybox httpd -f -p 127.0.0.1:8000 -h . &
part net
./linux run --net user -- sh -c '
	busybox cat /etc/resolv.conf
	gateway=$(busybox ip route | busybox sed -n "s/^default via \([^ ]*\).*/\1/p")
	busybox wget -q -O - "http://$gateway:8000/page"
	exit 4'
echo "status $?"
part host
cat /etc/resolv.conf
END

t 'a page from the host'
part_has net '^a page of the host$'
part_has net '^status 4$'
t 'name servers that can be reached, and the file of the host as it was'
part_has net '^nameserver [0-9]'
part_lacks net '^nameserver 127'
part_has host '^nameserver 127\.0\.0\.53$'
