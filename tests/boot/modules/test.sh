#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# Every module of the root file system loads by modprobe, with what it depends
# on, works as far as that shows without devices, and unloads again.
. "${0%/*}/../../lib.sh"

need "$O/kernel/modules.order"
mapfile -t modules < <(sed 's,.*/,,; s,\.[ok]*$,,' "$O/kernel/modules.order")
cat >"$W/load" <<'END'
for m; do
	name=$(echo $m | tr - _)
	modprobe $m && grep -q "^$name " /proc/modules && echo "loaded $m"
	modprobe -r $m && ! grep -q "^$name " /proc/modules && echo "gone $m"
done
modprobe overlay
mkdir /tmp/lower /tmp/upper /tmp/work /tmp/over
echo below >/tmp/lower/file
mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work \
	overlay /tmp/over
echo above >/tmp/over/file
cat /tmp/lower/file /tmp/upper/file
umount /tmp/over
rmmod overlay || echo "overlay stays"
modprobe virtio_rng
for i in 1 2; do
	head -c 5000 /dev/hwrng | md5sum
done | uniq | wc -l | sed 's/^/random: /'
rmmod virtio_rng
modprobe no-such-module || echo "refused $?"
echo junk >/tmp/junk.ko
insmod /tmp/junk.ko || echo "junk $?"
END
guest_file "$W/load"

guest_cmd "sh /umkvm/load ${modules[*]} 2>&1"
t 'all are there'
[ ${#modules[@]} -gt 0 ] || skip "this kernel has no modules"
expect_status 0
for m in "${modules[@]}"; do
	t "$m loads and unloads"
	expect_out "^loaded $m$"
	expect_out "^gone $m$"
done
t 'random numbers of the host are not always the same'
expect_out '^random: 2$'
t 'a file system from a module works'
expect_out '^below$'
expect_out '^above$'
expect_no_out 'overlay stays'
t 'what is no module is refused'
expect_out '^refused [1-9]'
expect_out '^junk [1-9]'
