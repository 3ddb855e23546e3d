#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# serial
# A second make does nothing, and touching a file rebuilds what belongs to it.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../make.sh"
need "$O/linux" "$O/rootfs.cpio"

built()		# what the last run compiled, linked or packed
{
	grep -E '^  (AS|CC|LD|AR|EMBED|CPIO|TREE|HOSTCC) ' "$W/out" || true
}

t 'nothing changed: nothing is built'
run_make
expect_status 0
expect_out_is_built()
{
	[ "$(built)" = "$1" ] || { built | head -n 20; fail "built more: $1"; }
}
expect_out_is_built ''

t 'one file of the port: it, vmlinux and linux'
touch -c "$TOP/arch/um-kvm/kernel/reset.c"
run_make
expect_status 0
expect_out '^  CC +arch/um-kvm/kernel/reset\.o'
expect_out '^  EMBED '
expect_no_out '^  CC +(kernel|mm|fs|host|drivers)/'
expect_no_out '^  TREE '

t 'one file of the shim: it, shim and linux'
touch -c "$TOP/host/umid.c"
run_make
expect_status 0
expect_out '^  CC +host/umid\.o'
expect_no_out '^  CC +[^h ]'
expect_no_out '^  LD +vmlinux'

t 'the list of packages: the kernel is not unpacked again'
touch -c "$TOP/tests/packages"
run_make
expect_status 0
expect_no_out '^  UNPACK '
expect_out_is_built ''
