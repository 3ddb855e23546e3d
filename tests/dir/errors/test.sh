#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# Directories that are not to be had, and a virtiofsd that ends, is not there or
# does not answer.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../dir.sh"
need "$O/linux" "$O/rootfs.cpio"

where
cat >"$W/cases" <<'END'
try()	# NAME WORD...: prints status, number of lines, the last
{
	name=$1 code=0
	shift
	linux initrd=rootfs.cpio "$@" >err 2>&1 || code=$?
	echo "$name: $code $(wc -l <err) $(tail -n 1 err)"
}
fake()	# SCRIPT: is virtiofsd
{
	mkdir -p fake
	printf '#!/bin/sh\n%s\n' "$1" >fake/virtiofsd
	chmod 755 fake/virtiofsd
}
with_fake() { PATH=$PWD/fake:$PATH try "$@"; }
END

# Without the program, which a host of ours may have
if [ "$UMKVM_WHERE" = bed ]; then
	disk_run true --timeout "$((50 * ${TIMEOUT_SCALE:-1}))" -- "$W/cases" <<'END'
. ./cases
mkdir data
try missing --dir data=data
END
	t 'virtiofsd is not installed'
	expect_out '^missing: 125 1 linux: --dir data: virtiofsd is not installed: apt-get install virtiofsd'
fi

dir_run '
	mount -t virtiofs data /mnt
	cat /mnt/file
	echo ready
	while cat /mnt/file; do
		usleep 50000
		echo 2 >/proc/sys/vm/drop_caches
	done >/dev/null 2>/tmp/cat
	cat /tmp/cat
	umount /mnt && echo unmounted
	while ! grep -q "[^ ]" /tmp/seen 2>/dev/null; do
		dd if=/dev/vda bs=4k count=1 2>/dev/null | tr -d "\0" >/tmp/seen
		echo 3 >/proc/sys/vm/drop_caches
		usleep 100000
	done
	echo "the disk goes on: $(cat /tmp/seen)"
	exit 7' --timeout "$((150 * ${TIMEOUT_SCALE:-1}))" -- "$W/cases" <<'END'
. ./cases
echo text >data/file
part words
try nowhere --dir data=nowhere
try file --dir data=data/file
try hostfs hostfs=nowhere
try path --dir data
try tag --dir =data
try long --dir 1234567890123456789012345678901234567=data
try flag --dir data=data,rw
try twice --dir data=data --dir data=.
try five --dir 1=. --dir 2=. --dir 3=. --dir 4=. --dir 5=.
part servers
fake 'echo something; echo no luck >&2; exit 1'
with_fake ends --dir data=data
with_fake ends_ro --dir data=data,ro
fake 'exec sleep 1000'
with_fake silent --dir data=data
part killed
truncate -s 64K img
boot --dir data=data ubd0c=img >console 2>err &
until grep -q ready console; do
	sleep 0.2
done
kill -KILL $(pidof virtiofsd)
until grep -q virtiofsd err; do
	sleep 0.2
done
echo from the host | dd of=img conv=notrunc 2>/dev/null
wait $!
echo "status $?"
cat console err
part left
./linux initrd=rootfs.cpio,cmd.cpio con0=null,fd:1 quiet --dir data=data \
	ubd0c=img >console 2>err &
until grep -q ready console; do
	sleep 0.2
done
kill -KILL $!
wait $!
for try in 1 2 3 4 5 6 7 8 9; do
	[ "$(pidof virtiofsd)" ] && sleep 0.5
done
echo "left: $(pidof virtiofsd)."
END

t 'directories that are not there'
part_has words '^nowhere: 125 1 linux: --dir data: cannot share nowhere: No such file or directory$'
part_has words '^file: 125 1 linux: --dir data: cannot share data/file: Not a directory$'
part_has words '^hostfs: 125 1 linux: --dir hostfs: cannot share nowhere: No such'
t 'words that name no directory'
part_has words '^path: 125 1 linux: --dir data=: write TAG=DIRECTORY'
part_has words '^tag: 125 1 linux: --dir =data: write TAG=DIRECTORY'
part_has words '^long: 125 1 linux: --dir 1.*: write .* at most 36 characters$'
part_has words '^flag: 125 1 linux: --dir data=data,rw: write'
part_has words '^twice: 125 1 linux: --dir data=\.: there is a directory of this name already$'
part_has words '^five: 125 1 linux: --dir 5=\.: more than 4 directories$'
t 'virtiofsd ends at once'
part_has servers '^ends: 125 1 linux: --dir data: virtiofsd has ended: no luck$'
part_has servers '^ends_ro: 125 1 linux: --dir data: virtiofsd has ended: no luck$'
t 'virtiofsd does not answer'
part_has servers '^silent: 125 1 linux: --dir data: virtiofsd does not answer: '
t 'virtiofsd is killed: one line, the rest goes on'
part_has killed '^text$'
part_has killed '^linux: --dir data: virtiofsd has ended; the guest gets errors in its place$'
part_has killed '^cat: .*: Transport endpoint is not connected$'
part_has killed '^unmounted$'
[ "$(part killed | grep -c '^linux: ')" = 1 ] || fail 'more than one line'
part_has killed '^the disk goes on: from the host'
part_has killed '^status 7$'
t 'virtiofsd ends with a shim that is killed'
part_has left '^left: \.$'
