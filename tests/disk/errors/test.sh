#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# A host that cannot do it: its disk is full, a limit of the process, an image
# that somebody makes shorter.  The guest gets an I/O error and goes on; the
# host sees one line for each disk, however many errors there are.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../disk.sh"
need "$O/linux" "$O/rootfs.cpio"

disk_run '
dmesg -n 1
case $do in
write)
	dd if=/dev/zero of=/dev/vda bs=64k count=64 seek=$((at * 16)) oflag=direct conv=notrunc 2>&1 |
		grep -i error
	dd if=/dev/zero of=/dev/vda bs=4k count=20 seek=$((at * 256 + 900)) oflag=direct conv=notrunc 2>&1 |
		grep -i error
	;;
shorter)
	echo ready
	while ! dd if=/dev/vda bs=4k skip=1000 count=1 iflag=direct of=/dev/null 2>&1 |
	      grep -i error; do
		usleep 100000
	done
	dd if=/dev/vda bs=4k skip=1001 count=1 iflag=direct of=/dev/null 2>&1 | grep -i error
	;;
esac
dd if=/dev/vda bs=4k count=1 iflag=direct of=/dev/null 2>/dev/null && echo the start is there
exit 5' --timeout "$LIMIT" <<'END'
mkdir small
mount -t tmpfs -o size=2M none small
truncate -s 4M small/img shrinks
truncate -s 80M limited
# In blocks of 512 bytes; guest memory is a file too
limit="ulimit -f $((64 * 2048))"

part full
boot ubd0=small/img do=write at=0
echo "status $?"

part limit
( $limit; boot mem=64M ubd0=limited do=write at=64; echo "status $?" )

part limit-nouring
( $limit; ./nouring ./linux initrd=rootfs.cpio,cmd.cpio con0=null,fd:1 \
	quiet mem=64M ubd0=limited do=write at=64; echo "status $?" )

part shorter
boot ubd0=shrinks do=shorter >out 2>&1 &
pid=$!
tries=0
until grep -q ready out || [ $((tries += 1)) = 600 ]; do sleep 0.1; done
truncate -s 1M shrinks
wait $pid
echo "status $?"
cat out
END

judge()	# PART WHY
{
	part_has "$1" "^linux: disk ubda: [a-z/]*: at byte [0-9]*: $2; the guest gets an I/O error; this is said once"
	[ "$(part "$1" | grep -c 'linux: disk ubda: .*byte')" = 1 ] ||
		fail "more than one line in $1"
	[ "$(part "$1" | grep -ci '^dd: .*error')" = 2 ] ||
		fail "not two errors in the guest in $1"
	part_has "$1" '^the start is there'
	part_has "$1" '^status 5'
}

t 'the file system of the host is full'
judge full 'No space left on device'

t 'a limit of the process on the length of files'
judge limit 'File too large'

t 'the same without io_uring'
judge limit-nouring 'File too large'

t 'the image becomes shorter'
judge shorter 'the image has become shorter'
