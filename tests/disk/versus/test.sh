#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1500
# serial
# long
# Reads from a disk, beside the disk that QEMU's microvm makes for a kernel of
# arch/x86 of the same version.  Both use io_uring, and the image is a file of ext4
# in the page cache of the guest's host.  Boots take turns; medians are compared.
# ROUNDS is the number of boots of each.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../disk.sh"
. "$TESTS/stock.sh"
need "$O/linux" "$O/rootfs.cpio"
stock_build

stock_turns
brd=()
if [ "$UMKVM_WHERE" = bed ]; then
	"$TESTS/bed/bed" --prepare
	mapfile -t brd < <(find "$O/bed/pkg/lib/" -name 'brd.ko*')
fi
stock_initrd "$W/end.cpio"
stock_function stock stock.cpio \
	-blockdev driver=file,filename=img,aio=io_uring,node-name=img,read-only=on \
	-device virtio-blk-device,drive=img >"$W/stock"
echo "rounds=$rounds" >>"$W/stock"

# The bed has nothing but its memory: the file system is on a disk in memory
disk_run 'for len in 65536 131072 1048576; do
	/umkvm/blk seqread /dev/vda $len
done
/umkvm/blk randread /dev/vda 4000' \
	--timeout $((1400 * ${TIMEOUT_SCALE:-1})) "${files[@]}" -- \
	"$W/stock" "$W/end.cpio" "$STOCK/arch/x86/boot/bzImage" "${brd[@]}" <<'END'
. ./stock
cat rootfs.cpio cmd.cpio end.cpio >stock.cpio
mkdir mnt
[ ! -e brd.ko.xz ] || unxz brd.ko.xz
if [ -e brd.ko ]; then
	insmod brd.ko rd_nr=1 rd_size=98304
	mke2fs /dev/ram0 >/dev/null
	mount -t ext4 /dev/ram0 mnt
fi
dd if=/dev/urandom of=mnt/img bs=1M count=64 2>/dev/null
ln -s mnt/img img
for round in $(seq $rounds); do
	part here
	boot ubd0r=img mem=256M
	part stock
	stock
done
END

for len in 65536 131072 1048576; do
	t "one after the other, $len bytes"
	stock_ratio 70 'MB/s' "^$len bytes a time: \([0-9.]*\) MB/s.*"
done
t '4 KiB at random places, 32 at a time'
stock_ratio 70 'reads a second' '^4000 reads, \([0-9]*\) a second.*'
