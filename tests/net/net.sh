# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the tests of the network share.  The host of the guest may be the test
# bed's: what runs there, beside the shim, is a shell script in one string.
#
# on_host [OPTION]... -- SCRIPT
#			runs it where the shim runs, with the functions of
#			host.sh; the guest has the command line of net_guest
# net_guest COMMAND	sets that command line
# same_sum NAME		judges lines "NAME: SUM" and "NAME on the host: SUM"
# net_stat KEY		of --stats of the last run, for the network device

N=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Builds sockets.c, for the guest as /umkvm/sockets, for its host as $sockets
net_build()
{
	sockets=$W/sockets
	${CROSS_COMPILE-}gcc -O1 -Wall -static -o "$sockets" "$N/sockets.c" ||
		fail "sockets.c does not build"
	guest_file "$sockets"
}

need_passt()
{
	command -v passt >/dev/null || skip "passt is not installed"
}

net_guest()
{
	guest_initrd "$1"
}

# Guest and host computed the same sum and printed it with this name
same_sum()
{
	local guest host
	guest=$(sed -n "s/^$1: \([0-9a-f]\{32\}\) .*/\1/p" "$W/out")
	host=$(sed -n "s/^$1 on the host: \([0-9a-f]\{32\}\) .*/\1/p" "$W/out")
	expected "sums '$guest' and '$host'" [ "${guest:-none}" = "$host" ]
}

net_stat()
{
	sed -n "s/^stats: device1\.$1: //p" "$W/err" | tail -n 1
}

# For net_guest, the guest's part of tap_up and tap_sums (host.sh)
# shellcheck disable=SC2034
tap_link='
	ip addr add 198.18.7.2/24 dev eth0
	ip link set eth0 up
	ping -c 2 -W 10 198.18.7.1
' tap_files='
	echo "down: $(wget -q -O - http://198.18.7.1:8888/big | md5sum)"
	mkdir /tmp/www
	dd if=/dev/urandom of=/tmp/www/big bs=1M count=20 2>/dev/null
	echo "up: $(md5sum </tmp/www/big)"
	httpd -p 80 -h /tmp/www
'

on_host()
{
	need "$O/linux"
	split "$@"
	[ ! "${sockets-}" ] || options+=(--file "$sockets")
	run_host "${options[@]}" --file "$O/linux" --file "${initrd%,*}" \
		--file "${initrd#*,}" -- sh -c "
		linux=$O/linux initrd=$initrd sockets=${sockets-}
		$(cat "$N/host.sh")
		${command[*]}"
}
