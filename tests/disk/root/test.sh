#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 150
# A root file system on a disk, without an initrd: the whole disk and no word
# about it, as UML takes it; a partition; and once more after a reboot, with
# writes under way while the machine goes.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../disk.sh"
need "$O/linux" "$O/rootfs/tree" "$O/rootfs.cpio"

cp -a "$O/rootfs/tree" "$W/tree"
mkdir -p "$W/tree/umkvm" "$W/image"
echo 'STDIN=stream TERM=dumb' >"$W/tree/umkvm/env"
cat >"$W/tree/umkvm/cmd" <<'END'
sed -n 's/ .*ext4/ ext4/p; 1q' /proc/mounts | head -n 1
echo /dev/vd*
mount -o remount,rw / || exit 1
if [ "$do" = reboot ] && [ ! -e /been-here ]; then
	echo first boot
	touch /been-here
	sync
	dd if=/dev/zero of=/load bs=256k count=30 2>/dev/null &
	dd if=/dev/zero of=/load2 bs=4k count=1000 oflag=sync 2>/dev/null &
	usleep 300000
	echo going down
	reboot -f
fi
[ ! -e /been-here ] || echo second boot
exit 3
END
SOURCE_DATE_EPOCH=1 sh "$TESTS/../rootfs/mkext4" "$W/tree" "$W/image/plain"
# A partition of Linux from sector 2048 on, which says that it is twice as long
python3 - "$W/image/plain" "$W/image/parts" <<'END'
import struct, sys
fs = open(sys.argv[1], "rb").read()
entry = struct.pack("<B3sB3sII", 0, b"\0\2\0", 0x83, b"\xff\xff\xff", 2048,
		    2 * len(fs) // 512)
table = bytes(446) + entry + bytes(48) + b"\x55\xaa"
open(sys.argv[2], "wb").write(table.ljust(1 << 20, b"\0") + fs)
END

disk_run true --timeout "$LIMIT" -- "$W"/image/plain "$W"/image/parts <<'END'
part default
linux ubd0=plain init=/init con0=null,fd:1
echo "status $?"
part partition
linux ubda=parts root=/dev/ubda1 init=/init con0=null,fd:1 quiet
echo "status $?"
part reboot
linux ubd0=plain root=/dev/ubda init=/init con0=null,fd:1 do=reboot
echo "status $?"
END

t 'ubd0= alone is the root file system'
part_has default 'Kernel command line: .* root=/dev/vda'
part_has default '^/dev/root ext4'
part_has default '^/dev/vda$'
part_has default '^status 3$'

t 'root=/dev/ubda1, of a partition that ends behind the image'
part_has partition '^/dev/root ext4'
part_has partition '^/dev/vda /dev/vda1$'
part_has partition '^status 3$'

t 'a reboot while writes are under way'
part_has reboot '^first boot'
part_has reboot '^second boot'
part_has reboot '^status 3$'
part_lacks reboot 'linux: '
# Linux breaks a disk's queue when it shuts the disk down (virtio_dev_shutdown),
# and programs still run: until the next kernel begins, an error is theirs.
part_lacks reboot 'I/O error' '/^going down/,/Linux version/d'
