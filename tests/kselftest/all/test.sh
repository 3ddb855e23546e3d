#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 10800
# long
# All of the kernel's own selftests that are built, here and, three times, on a
# kernel of arch/x86 with the same options, in QEMU with KVM in the same test bed.
# Needs the kernel that "make CONFIG=kselftest" builds; the other one it builds.
# The table goes to kselftest/all/table.rst below O.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../kselftest.sh"
UMKVM=$O/kselftest mem_l1=2560 mem=1280
need "$UMKVM/linux" "$UMKVM/rootfs.cpio"
kselftest_build stock
sed 's/^/# not built: /' "$K/not-built"
kselftest_list >"$W/list"

t 'the selftests run to their end'
kselftest_here "$W/list" 3600
expect_status 0
expect_out '^@ end'
mv "$W/out" "$W/here"

stock=()
for run in 1 2 3; do
	t "the selftests run to their end on arch/x86, run $run"
	kselftest_stock "$W/list" 3600
	expect_out '^@ end'
	mv "$W/out" "$W/stock$run"
	stock+=("$W/stock$run")
done

t 'what passes on arch/x86 passes here'
"$T/../compare.py" --expected "$T/../expected" --rst "$W/table.rst" \
	"$W/here" "${stock[@]}" || fail 'not all of it'

t 'what make check runs passes on arch/x86'
for file in "${stock[@]}"; do
	while read -r name; do
		case $name in
		''|'#'*) continue ;;
		esac
		grep -q "^@ pass $name " "$file" || echo "# $name"
	done <"$T/../quick/tests"
done >"$W/not-passed"
cat "$W/not-passed"
[ ! -s "$W/not-passed" ] || fail 'not all of it'
