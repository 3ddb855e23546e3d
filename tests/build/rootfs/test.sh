#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The archive is the same bytes whoever packs it, and all root's.
. "${0%/*}/../../lib.sh"
need "$O/farm" "$O/rootfs.cpio"
unset MAKEFLAGS MFLAGS MAKELEVEL

pack()		# UMASK: packs anew, in the scratch directory
{
	rm -rf "$W/out.d"
	mkdir "$W/out.d"
	(umask "$1" && make -C "$TESTS/../rootfs" O="$W/out.d" FARM="$O/farm" \
		KERNEL="$O/kernel" CONFIG_UMKVM_ROOTFS_EXT4=y "${@:2}") >"$W/log" 2>&1 ||
		fail "make: $(tail -n 1 "$W/log")"
	sum=$(sha256sum <"$W/out.d/rootfs.cpio")
}

t 'the same bytes again'
pack 022
first=$sum
pack 077
[ "$sum" = "$first" ] || fail "$sum, before: $first"

t 'owned by root'
! cpio -tvn <"$W/out.d/rootfs.cpio" 2>/dev/null | awk '$3 != 0 || $4 != 0' |
	grep . || fail "other owners"

t 'the ext4 image is sound'
PATH=$PATH:/sbin:/usr/sbin
e2fsck -fn "$W/out.d/rootfs.ext4" >"$W/log" 2>&1 || fail "$(tail -n 1 "$W/log")"
debugfs -R 'stat init' "$W/out.d/rootfs.ext4" >"$W/init" 2>/dev/null
grep -qE 'Mode: +0755.*' "$W/init" || fail "init is missing or not executable"

t 'an overlay adds and replaces files'
mkdir -p "$W/overlay/etc"
echo hello >"$W/overlay/etc/hosts"
pack 022 CONFIG_UMKVM_ROOTFS_OVERLAY="\"$W/overlay\""
[ "$(cat "$W/out.d/rootfs/tree/etc/hosts")" = hello ] || fail "not replaced"

t 'a BusyBox that is not static is refused'
status=0
make -C "$TESTS/../rootfs" O="$W/out.d" FARM="$O/farm" KERNEL="$O/kernel" \
	BUSYBOX=/bin/ls >"$W/out" 2>"$W/err" || status=$?
expect_status 2
expect_err 'is no static x86-64 BusyBox: install busybox-static'
