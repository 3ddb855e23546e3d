#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# Copy-on-write disks: the backing file stays as it is, what the guest wrote is
# there at the next boot; qemu-storage-daemon ends with the shim, whatever ends
# that; mistakes.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../disk.sh"
need "$O/linux" "$O/rootfs.cpio"

for program in qemu-storage-daemon qemu-img; do
	command -v "$program" >/dev/null || skip "$program is not installed"
done
where

cat >"$W/cases" <<'END'
try()	# NAME WORD...: prints status, number of lines, the last
{
	name=$1 code=0
	shift
	linux "$@" >err 2>&1 || code=$?
	echo "$name: $code $(wc -l <err) $(tail -n 1 err)"
}
END

# Without the programs, which a host of ours may have
if [ "$UMKVM_WHERE" = bed ]; then
	disk_run true --timeout "$LIMIT" -- "$W/cases" <<'END'
. ./cases
truncate -s 1M base
try missing ubd0=new,base
END
	t 'qemu-img is not installed'
	expect_out '^missing: 125 1 linux: disk ubda: qemu-img is not installed: apt-get install qemu-utils'
fi

programs "$(command -v qemu-storage-daemon)" "$(command -v qemu-img)"
disk_run '
	case $do in
	write)
		cat /sys/block/vda/size
		ls /sys/block/vda/mq | wc -l
		echo "old: $(dd if=/dev/vda bs=512 count=1 2>/dev/null | tr -d "\0")"
		/umkvm/blk check /dev/vda && echo checked
		echo "from the guest" | dd of=/dev/vda conv=fsync 2>/dev/null ;;
	reboot)
		[ "$(head -n 1 /dev/vda)" = "from the host" ] || exit 0
		echo "first boot" | dd of=/dev/vda conv=fsync 2>/dev/null
		reboot -f ;;
	read)
		head -n 1 /dev/vda
		[ "$(blockdev --getro /dev/vda)" = 0 ] ||
			echo no | dd of=/dev/vda conv=fsync 2>/dev/null || echo refused ;;
	spin)
		echo "unsaved" | dd of=/dev/vda conv=fsync 2>/dev/null
		echo ready
		/umkvm/blk randread /dev/vda 1000000 2>/dev/null &
		while :; do
			dd if=/dev/zero of=/dev/vda bs=64k seek=1 count=200 conv=fsync \
				2>/tmp/dd || break
		done
		wait
		echo "all fail"
		echo 3 >/proc/sys/vm/drop_caches
		dd if=/dev/vda of=/dev/null bs=4k skip=900 count=1 2>&1 | grep -o "Input/output error"
		while ! grep -q "[^ ]" /tmp/seen 2>/dev/null; do
			dd if=/dev/vdb bs=4k count=1 2>/dev/null | tr -d "\0" >/tmp/seen
			echo 3 >/proc/sys/vm/drop_caches
			usleep 100000
		done
		echo "the other disk goes on: $(cat /tmp/seen)"
		exit 7 ;;
	esac' --timeout "$((200 * ${TIMEOUT_SCALE:-1}))" "${programs[@]}" -- "$W/cases" <<'END'
. ./cases
truncate -s 16M base
echo from the host | dd of=base conv=notrunc 2>/dev/null
sum() { md5sum base; }
was=$(sum)
same() { [ "$(sum)" = "$was" ] && echo unchanged; }
left() { echo "left: $(pidof qemu-storage-daemon)."; }
spin()	# WORD...: leaves $pid, the shim's
{
	./linux initrd=rootfs.cpio,cmd.cpio con0=null,fd:1 quiet do=spin "$@" \
		>console 2>err &
	pid=$!
	until grep -q ready console; do
		sleep 0.2
	done
}

part first
boot do=write ubd0=cow,base ncpus=2
echo "status $?"
same; left
qemu-img info cow | grep -E 'format|backing'
part second
boot do=read ubd0=cow,base
echo "status $?"
part read-only
boot do=read ubd0r=cow,base ubd1r=base ncpus=8
echo "status $?"
part above
mkdir sub
boot do=write --disk sub/two.qcow2,backing=base,id=two 2>err
cat err
qemu-img create -q -f qcow2 -b sub/two.qcow2 -F qcow2 three
boot do=read --disk three,backing=sub/two.qcow2
same
part reboot
boot do=reboot ubd0cs=cow2,base
echo "status $?"
boot do=read ubd0t=cow2,base
same
part killed
spin ubd0=cow,base
kill -KILL $pid
wait $pid
for try in 1 2 3 4 5 6 7 8 9; do
	[ "$(pidof qemu-storage-daemon)" ] && sleep 0.5
done
left
qemu-img check cow | head -n 1
boot do=read ubd0=cow,base
same
part server
truncate -s 64K other
spin ubd0=cow,base ubd1c=other
part locked
try cow ubd0=cow,base
try raw ubd0=cow
part server
kill -KILL $(pidof qemu-storage-daemon)
until grep -q qemu-storage-daemon err; do
	sleep 0.2
done
echo from the host | dd of=other conv=notrunc 2>/dev/null
wait $pid
echo "status $?"
cat console err
qemu-img check cow | head -n 1

part words
truncate -s 1M base2
try nothing ubd0=new,nowhere
try other ubd0=cow,base2
try raw ubd0=base2,base
try data ubd0d=new,base
try disk --disk new,backing
try nodir ubd0=nodir/new,base
mkdir dir
try dir ubd0=dir,base
chmod 600 base
chmod 755 . linux
chmod 666 /dev/kvm
linux() { su -s /bin/sh nobody -c "./linux $*"; }
try secret ubd0=cow,base
chmod 644 base
try mine ubd0=cow,base
END

t 'the guest sees its size and a queue for each CPU'
part_has first '^32768$'
part_has first '^2$'
t 'it sees the backing file, and can read, write, flush, discard and zero'
part_has first '^old: from the host$'
part_has first '^checked$'
part_has first '^status 0$'
t 'the backing file is as it was, the image was made'
part_has first '^unchanged$'
part_has first '^file format: qcow2$'
part_has first '^backing file: .*/base$'
part_has first '^backing file format: raw$'
t 'qemu-storage-daemon has ended when the shim has'
part_has first '^left: \.$'
t 'what was written is there at the next boot'
part_has second '^from the guest$'
part_has second '^status 0$'
t 'read-only'
part_has read-only '^from the guest$'
part_has read-only '^refused$'
part_has read-only '^status 0$'
t '--disk, and a backing file that is qcow2'
part_has above '^linux: disk ubda: qemu-storage-daemon gives no disk a serial number$'
[ "$(part above | grep -c '^from the guest$')" = 1 ] || fail 'not read back'
part_has above '^unchanged$'
t 'a reboot'
part_has reboot '^status 0$'
part_has reboot '^first boot$'
part_has reboot '^unchanged$'
t 'qemu-storage-daemon ends with a shim that is killed, and nothing is lost'
part_has killed '^left: \.$'
part_has killed '^No errors were found'
part_has killed '^unsaved$'
part_has killed '^unchanged$'
t 'two guests cannot write one image'
part_has locked '^cow: 125 1 linux: disk ubda: .*another process.*\[cow\]'
t 'qemu-storage-daemon is killed: one line, I/O errors, the rest goes on'
part_has server '^linux: disk ubda: qemu-storage-daemon has ended; the guest gets errors in its place$'
part_has server '^all fail$'
part_has server '^Input/output error$'
part_lacks server 'is not a head'
[ "$(part server | grep -c '^linux: ')" = 1 ] || fail 'more than one line'
part_has server '^the other disk goes on: from the host'
part_has server '^status 7$'
t 'mistakes'
part_has words '^nothing: 125 1 linux: cannot open disk ubda: backing file nowhere: No such file'
part_has words '^other: 125 1 linux: disk ubda: cow lies over .*/base, not over base2; see qemu-img'
part_has words '^raw: 125 1 linux: disk ubda: base2: not a qcow2 image; '
part_has words '^data: 125 1 linux: ubd0d=new,base: with the flag d there is no backing file$'
part_has words '^disk: 125 1 linux: --disk new,backing: after FILE come ro, direct, id=NAME and backing=FILE$'
part_has words '^nodir: 125 1 linux: disk ubda: qemu-img: .*No such file'
part_has words '^dir: 125 1 linux: .* dir: Is a directory$'
t 'no permission'
part_has words '^secret: 125 1 linux: cannot open disk ubda: backing file base: Permission denied$'
part_has words '^mine: 125 1 linux: cannot open disk ubda: cow: Permission denied$'
