#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# What goes in comes out: reads, writes, flushes, discards, zeroes, on several
# disks, with io_uring and without, on a file and on a block device.  The guest
# compares, then the host looks into the image.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../disk.sh"
need "$O/linux" "$O/rootfs.cpio"

loop=$(find "$O/bed/pkg/lib/modules" -name loop.ko 2>/dev/null | head -n 1)
disk_run '
[ "$do" != count ] || { ls -d /sys/block/vd* | wc -l; exit 0; }
/umkvm/blk check /dev/vda || exit 1
[ ! -e /dev/vdc ] || {
	for d in a b c; do
		echo vd$d $(cat /sys/block/vd$d/size /sys/block/vd$d/ro /sys/block/vd$d/serial)
	done
	cat /sys/block/vda/queue/discard_max_bytes /sys/block/vdb/queue/discard_max_bytes
	echo x >/dev/vdc || echo vdc refuses a write
	dd if=/dev/vdc bs=512 count=1 2>/dev/null | head -c 3
}
exit 7' --timeout "$LIMIT" -- ${loop:+"$loop"} <<'END'
truncate -s 3M first
truncate -s 1M second
{ echo xyz; head -c 508 /dev/zero; } >third

part several
boot ubd0=first ubd1t=second --disk third,ro,id=number-three --stats
echo "status $?"
./blk pattern first && echo "image right"
cmp -n 3 third - <<-X && echo "third right"
xyz
X

part nouring
truncate -s 0 first
truncate -s 3M first
./nouring ./linux initrd=rootfs.cpio,cmd.cpio con0=null,fd:1 quiet ubda=first
echo "status $?"
./blk pattern first && echo "image right"

part sync
truncate -s 0 first
truncate -s 3M first
boot ubd0s=first
echo "status $?"
./blk pattern first && echo "image right"

part sixteen
set --
for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	truncate -s 64K disk$n
	set -- "$@" ubd$n=disk$n
done
boot do=count "$@"
echo "status $?"

part block
[ -e loop.ko ] && insmod loop.ko && losetup /dev/loop0 first || exit
dd if=/dev/zero of=/dev/loop0 bs=1M count=3 2>/dev/null
boot --disk /dev/loop0,direct
echo "status $?"
./blk pattern /dev/loop0 && echo "image right"
END

t 'three disks, one without discards, one read-only with a serial number'
part_has several '^3145728 bytes, all well'
part_has several '^status 7'
part_has several '^image right'
part_has several '^vda 6144 0 ubda$'
part_has several '^vdb 2048 0 ubdb$'
part_has several '^vdc 1 1 number-three$'
part_has several '^2147483648$'
part_has several '^0$'
part_has several '^vdc refuses a write'
part_has several '^xyz'
part_has several '^third right'
part_has several '^stats: device3\.doorbells: [1-9]'

t 'without io_uring, after one line that says so'
part_has nouring '^linux: disk ubda: no io_uring on this host \(Operation not permitted\)'
part_has nouring '^3145728 bytes, all well'
part_has nouring '^status 7'
part_has nouring '^image right'

t 'with O_SYNC'
part_has sync '^3145728 bytes, all well'
part_has sync '^image right'

t 'sixteen disks'
part_has sixteen '^16$'
part_has sixteen '^status 0'

t 'a block device, with O_DIRECT'
[ "$loop" ] || skip "no module for a loop device"
part_has block '^3145728 bytes, all well'
part_has block '^status 7'
part_has block '^image right'
