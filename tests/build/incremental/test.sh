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

t 'lists for editors: what is built, and nothing is built for them'
run_make compile_commands.json tags
expect_status 0
expect_out_is_built ''
grep -q '"file": ".*/arch/um-kvm/kernel/reset\.c"' "$O/kernel/compile_commands.json" ||
	fail "compile_commands.json does not know reset.c"
grep -q '^do_syscall_64	.*/arch/um-kvm/kernel/syscall\.c' "$O/kernel/tags" ||
	fail "tags does not know do_syscall_64()"

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

t 'two at once: one waits for the kernel of the other'
rm "$O/kernel/.built"
make -C "$TOP" O="$O" >"$W/other" 2>&1 &
run_make
expect_status 0
expected "the other one: $(tail -n 1 "$W/other")" wait $!
[ "$(cat "$W/out" "$W/other" | grep -c '^  KERNEL ')" = 1 ] || fail "not one kernel"
