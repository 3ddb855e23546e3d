#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1500
# serial
# long
# TCP between the guest and its host, beside that of a kernel of arch/x86 of the
# same version in QEMU's microvm: through passt, through a tap that the host's
# kernel serves, and through one that shim or QEMU reads and writes.  Boots take
# turns; medians are compared.  ROUNDS is the number of boots of each.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"
. "$TESTS/stock.sh"
need "$O/linux" "$O/rootfs.cpio"
need_passt
stock_build

stock_turns
[ "$UMKVM_WHERE" != direct ] || [ "$(id -u)" = 0 ] ||
	skip "making a tap device needs root"
bulk=$W/bulk
${CROSS_COMPILE-}gcc -O1 -Wall -static -o "$bulk" "$N/bulk.c" ||
	fail "bulk.c does not build"
guest_file "$bulk"
net_guest 'host=198.51.100.1
if grep -q ip=off /proc/cmdline; then
	ip addr add 198.18.7.2/24 dev eth0
	ip link set eth0 up
	host=198.18.7.1
elif [ -z "$(ip route show default)" ]; then
	cat /run/udhcpc.log
fi
for what in "turns 500" "up 16" "down 16"; do
	/umkvm/bulk ${what% *} $host 8890 ${what#* }
done'
stock_initrd "$W/stock.cpio" "${initrd%,*}" "${initrd#*,}"


{
	stock_function stock_user stock.cpio \
		-netdev stream,id=net,server=off,addr.type=unix,addr.path=passt \
		-device virtio-net-device,netdev=net,host_mtu=65520
	stock_words=ip=off
	for vhost in on off; do
		stock_function stock_vhost_$vhost stock.cpio \
			-netdev "tap,id=net,ifname=umtap0,script=no,downscript=no,vhost=$vhost" \
			-device virtio-net-device,netdev=net
	done
} | sed "s, bzImage , $STOCK/arch/x86/boot/bzImage ,
	s, stock.cpio , $W/stock.cpio ," >"$W/stock"

on_host --timeout $((1400 * ${TIMEOUT_SCALE:-1})) "${files[@]}" \
	--file "$bulk" --file "$W/stock.cpio" --file "$W/stock" \
	--file "$STOCK/arch/x86/boot/bzImage" -- "
	. $W/stock
	$bulk serve 8890 &
	tap_up
	# passt changes to nobody before it makes its socket
	chmod 777 \$dir
	for round in \$(seq $rounds); do
		echo '== here user'
		guest mem=256M --net user
		echo '== stock user'
		passt --quiet --socket \$dir/passt --mtu 65520 --one-off 2>log ||
			cat log
		stock_user
		for vhost in on off; do
			echo \"== here vhost=\$vhost\"
			guest mem=256M ip=off --net tap,dev=umtap0,vhost=\$vhost
			echo \"== stock vhost=\$vhost\"
			stock_vhost_\$vhost
		done
	done
	busybox tunctl -d umtap0 >/dev/null
"

for kind in user vhost=on vhost=off; do
	t "$kind, guest to host"
	stock_ratio 70 MB/s '^up: \([0-9.]*\) MB/s.*' "$kind"
	t "$kind, host to guest"
	stock_ratio 70 MB/s '^down: \([0-9.]*\) MB/s.*' "$kind"
	t "$kind, a byte there and back"
	stock_ratio 70 'a second' '^turns: \([0-9.]*\) a second.*' "$kind"
done
