#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 14400
# long
# All of the kernel's own selftests that are built, here and on a kernel of
# arch/x86 with the same options, in QEMU with KVM in the same test bed; what
# passes there and not here is run twice more there.
# Needs the kernel that "make CONFIG=kselftest" builds; the other one it builds.
# What was run stays in selftests/results below O, with the number of CPUs in its
# name, until one of the kernels is built anew; so an interrupted run goes on where
# it was.  The table goes to table.rst there.
# NCPUS is the number of CPUs (1), COLLECTIONS are those to run ('x86 mm'); ICOUNT=1
# is for those that measure: both sides in the bed's virtual time.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../kselftest.sh"
UMKVM=$O/kselftest mem_l1=2560 mem=1280 ncpus=${NCPUS:-1}
need "$UMKVM/linux" "$UMKVM/rootfs.cpio"
kselftest_build
stock_build
sed 's/^/# not built: /' "$K/not-built"
kselftest_list | awk -v "chosen=${COLLECTIONS:-}" '
	BEGIN { all = split(chosen, names) == 0; for (i in names) want[names[i]] }
	all || $1 in want' >"$W/list"
R=$K/results
here=$R/here-$ncpus stock=$R/stock-$ncpus
compare=("$T/../compare.py" --expected "$T/../expected" --rst "$R/table-$ncpus.rst"
	--lost "$W/lost" "$here" "$stock")

t 'the selftests run on arch/x86'
kselftest_run stock "$W/list" "$stock"

t 'the selftests run here'
kselftest_run here "$W/list" "$here"

t 'those that pass on arch/x86 only run there again, twice'
"${compare[@]}" >/dev/null || :
kselftest_list "$W/lost" >"$W/again"
for run in 2 3; do
	rm -rf "$stock.$run"
	kselftest_run stock "$W/again" "$stock.$run"
	compare+=("$stock.$run")
done

t 'what passes on arch/x86 passes here'
"${compare[@]}" || fail 'not all of it'

t 'what make check runs passes on arch/x86'
while read -r name; do
	case $name in
	''|'#'*) continue ;;
	esac
	grep -qr "^@ pass $name " "$stock" || echo "# $name"
done <"$T/../quick/tests" >"$W/not-passed"
cat "$W/not-passed"
[ ! -s "$W/not-passed" ] || fail 'not all of it'
