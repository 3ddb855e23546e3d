#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# The root file system is a directory of the host: ubd0=DIRECTORY alone, UML's
# words for hostfs, and the kernel's own; over a reboot.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../dir.sh"
need "$O/linux" "$O/rootfs.cpio"

cat >"$W/cmd" <<'END'
echo "root: $(sed -n 's/ / /; s/^\([^ ]*\) \/ \([^ ]*\) .*/\1 \2/p' /proc/mounts | tail -n 1)"
echo "words: $(cat /proc/cmdline)"
echo changed >/been-here || echo "cannot write"
if [ "$do" = reboot ] && [ ! -e /again ]; then
	touch /again
	reboot -f
fi
ls -l /bin/busybox | wc -l
exit 3
END

dir_run true --timeout "$((180 * ${TIMEOUT_SCALE:-1}))" -- "$W/cmd" <<'END'
mkdir top
(cd top && busybox cpio -i -m <../rootfs.cpio) 2>/dev/null
mkdir top/umkvm
cp cmd top/umkvm/cmd.new
mv top/umkvm/cmd.new top/umkvm/cmd
echo 'STDIN=stream TERM=dumb' >top/umkvm/env
start()
{
	part "$1"
	shift
	rm -f top/been-here
	linux con0=null,fd:1 quiet init=/init "$@"
	echo "status $?"
	[ ! -e top/been-here ] || echo "been here: $(cat top/been-here)"
}
start ubd0 rw ubd0=top
start reboot rw ubd0=top root=/dev/ubda do=reboot
start ro ro ubd0r=top
start hostfs rw root=/dev/root rootfstype=hostfs rootflags="$PWD/top"
start below rw hostfs="$PWD" rootfstype=hostfs rootflags=/top
start kernel rw --dir top=top root=top rootfstype=virtiofs
END

t 'ubd0=DIRECTORY'
part_has ubd0 '^root: ubda virtiofs$'
part_has ubd0 '^status 3$'
part_has ubd0 '^been here: changed$'
t 'root=/dev/ubda, over a reboot'
part_has reboot '^root: ubda virtiofs$'
part_has reboot '^status 3$'
t 'read-only'
part_has ro '^cannot write$'
part_has ro '^status 3$'
part_lacks ro '^been here'
t "UML's rootfstype=hostfs"
part_has hostfs '^root: root virtiofs$'
part_has hostfs '^status 3$'
part_has hostfs '^been here: changed$'
t 'below the directory of hostfs='
part_has below '^root: root virtiofs$'
part_has below '^status 3$'
t "the kernel's own words"
part_has kernel '^root: top virtiofs$'
part_has kernel '^status 3$'
