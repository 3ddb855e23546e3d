#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# A directory of the host in the guest: what programs do with files, read-only,
# as an ordinary user, over a reboot.  Nothing of it goes through a vCPU thread.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../dir.sh"
need "$O/linux" "$O/rootfs.cpio"

dir_run '
	mount -t virtiofs "$tag" /mnt || exit 9
	[ ! -e /mnt/from-host ] || cat /mnt/from-host
	case $do in
	check)
		mkdir /mnt/check
		/umkvm/files check /mnt/check
		/umkvm/files shake /mnt 3000
		dd if=/dev/urandom of=/mnt/big bs=1M count=8 2>/dev/null
		echo "sum: $(md5sum </mnt/big)"
		echo "host sum: $(md5sum </mnt/from-host-big)"
		cp /umkvm/files /mnt/program && /mnt/program check /tmp | tail -n 1
		chmod 640 /mnt/big
		umount /mnt ;;
	read)
		[ "$n" = 0 ] || /umkvm/files read /mnt/from-host-big ;;
	ro)
		echo no >/mnt/new || echo "new: refused"
		echo no >/mnt/from-host || echo "old: refused"
		rm /mnt/from-host || echo "rm: refused"
		grep -c "/mnt virtiofs" /proc/mounts ;;
	mine)
		echo guest >/mnt/mine/new && chmod 604 /mnt/mine/new
		stat -c "%u %a" /mnt/mine/new
		echo no >/mnt/from-host || echo "not mine: refused" ;;
	reboot)
		if [ -e /mnt/once ]; then
			echo "second boot: $(cat /mnt/once)"
		else
			echo first >/mnt/once
			reboot -f
		fi ;;
	esac' --timeout "$((180 * ${TIMEOUT_SCALE:-1}))" <<'END'
echo from the host >data/from-host
dd if=/dev/urandom of=data/from-host-big bs=1M count=8 2>/dev/null
part check
boot do=check tag=data --dir data=data --stats
echo "status $?"
echo "sum on the host: $(md5sum <data/big)"
echo "host sum on the host: $(md5sum <data/from-host-big)"
stat -c 'mode %a' data/big
for n in 0 1; do
	part read$n
	boot do=read n=$n tag=data --dir data=data --stats
	echo "status $?"
done
part ro
boot do=ro tag=data --dir data="$PWD"/data,ro
echo "status $?"
cat data/from-host
part hostfs
boot tag=hostfs hostfs=data mem=4G
part reboot
boot do=reboot tag=data --dir data=data
echo "status $?"
part mine
mkdir data/mine
chown 1000 data/mine
chmod 666 /dev/kvm
chmod -R go+rX .
linux() { ./files as 1000 ./linux "$@"; }
boot do=mine tag=data --dir data=data
echo "status $?"
stat -c 'on the host: %u %a' data/mine/new
part mine-ro
boot do=ro tag=data --dir data=data,ro
echo "status $?"
END

t 'programs find what they expect of files'
part_has check '^from the host$'
for check in write rename mode links unlinked append sparse mmap locks hundred errors; do
	part_has check "^$check works$"
done
part_lacks check ' fails$'
t 'random operations, through system calls and mapped pages'
part_has check '^shaken 3000 times$'
t 'guest and host see the same bytes and modes'
for sum in sum 'host sum'; do
	[ "$(part check | sed -n "s/^$sum: //p")" = \
		"$(part check | sed -n "s/^$sum on the host: //p")" ] ||
		fail "$sum differs"
done
part_has check '^mode 640$'
t 'the guest ends in order'
part_has check '^status 0$'
t 'reading 8 MiB takes no exit to the shim'
exits=()
for n in 0 1; do
	part_has "read$n" '^status 0$'
	exits+=("$(part "read$n" | sed -n 's/^stats: cpu0.shim_exits: //p')")
done
part_has read1 '^read 8388608 bytes$'
echo "# exits to the shim: ${exits[0]}, with reading: ${exits[1]}"
[ $((exits[1] - exits[0])) -le 2 ] || fail "${exits[1]} exits"
t 'read-only'
part_has ro '^from the host$'
part_has ro '^new: refused'
part_has ro '^old: refused'
part_has ro '^rm: refused'
part_has ro '^1$'
part_lacks ro '^no$'
t 'hostfs=, with memory on both sides of the hole'
part_has hostfs '^from the host$'
t 'a reboot'
part_has reboot '^second boot: first$'
part_has reboot '^status 0$'
t 'as an ordinary user of the host'
part_has mine '^0 604$'
part_has mine '^not mine: refused'
part_has mine '^on the host: 1000 604$'
part_has mine '^status 0$'
t 'as an ordinary user, read-only'
part_has mine-ro '^rm: refused'
part_has mine-ro '^from the host$'
