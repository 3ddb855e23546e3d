#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# ip=dhcp: the kernel asks for its address before the first program runs.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"
need_passt

net_guest 'cat /proc/net/pnp; ip -4 addr show dev eth0; ip route; ! pidof udhcpc'
on_host --timeout 180 -- 'guest mem=128M --net user ip=dhcp'

t 'an address, a route and a name server'
expect_status 0
expect_out 'inet 192\.0\.2\.2|inet [0-9.]+/'
expect_out '^default via '
expect_out '^nameserver '
