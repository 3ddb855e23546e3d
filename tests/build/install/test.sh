#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# make install and make modules_install, into directories.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../make.sh"
need "$O/linux" "$O/kernel/vmlinux"

t 'make install DESTDIR= PREFIX='
run_make install DESTDIR="$W/root" PREFIX=/usr
expect_status 0
cmp "$W/root/usr/bin/linux" "$O/linux" || fail "no linux"
cmp "$W/root/usr/share/man/man1/linux.1" "$TOP/host/linux.1" || fail "no manual"
"$W/root/usr/bin/linux" --version >/dev/null || fail "it does not run"

release=$(cat "$O/kernel/include/config/kernel.release")
modules_are_in()	# DIRECTORY
{
	local count
	count=$(find "$1/lib/modules/$release" -name '*.ko' | wc -l)
	[ "$count" -eq "$(wc -l <"$O/kernel/modules.order")" ] || fail "$count modules"
	grep -q '/loop.ko:' "$1/lib/modules/$release/modules.dep" || fail "no depmod"
}

t 'make modules_install INSTALL_MOD_PATH='
run_make modules_install INSTALL_MOD_PATH="$W/modules" INSTALL_MOD_STRIP=1
expect_status 0
modules_are_in "$W/modules"

t 'make modules_install alone stays in the build directory'
run_make modules_install
expect_status 0
modules_are_in "$O/modules"
rm -rf "$O/modules"
