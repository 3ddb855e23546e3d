#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3600
# serial
# long
# All of "perf test", here and on a kernel of arch/x86 of the same configuration
# (kselftest.config): what passes there passes here.  NCPUS is the number of CPUs (1).
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
. "$TESTS/stock.sh"
variant kselftest
stock_build
tool=$(command -v perf) || skip 'no perf'
guest_program "$tool" /bin/perf
ncpus=${NCPUS:-1}

# A result is a line "14: NAME : Ok", of a part "14.1: NAME : Ok".  "Sigtrap" sets
# a breakpoint by debug registers, of which the test bed's QEMU dies.
guest_initrd 'mount -t tracefs tracefs /sys/kernel/tracing
export HOME=/tmp PAGER=cat
perf test list 2>&1 | grep -v Sigtrap | grep -o "^ *[0-9]*: " | while read -r nr; do
	timeout -s KILL 100 perf test "${nr%:}" </dev/null 2>&1
done'

results()	# of $W/out, a line "OUTCOME NAME" each
{
	sed -En 's/^ *([0-9]+[.:]?[0-9]*): +(.*[^ ]) *: (Ok|Skip|FAILED!).*$/\3 \1 \2/p' \
		"$W/out" | sort -u
}

where
t 'here'
run_host --timeout 1700 --mem 2048 -- "$built/linux" \
	"initrd=$built/rootfs.cpio,${initrd#*,}" mem=1G "ncpus=$ncpus" \
	con0=null,fd:1 quiet </dev/null
expect_status 0
results >"$W/here"
cp "$W/out" "$W/here.out"

t 'arch/x86'
stock_initrd "$W/stock.cpio" "$built/rootfs.cpio" "$STOCK/modules.cpio" "${initrd#*,}"
stock_qemu 1024 "$ncpus" "$STOCK/arch/x86/boot/bzImage" "$W/stock.cpio"
mapfile -t files < <(qemu_files)
run_host --timeout 1700 --mem 2048 "${files[@]}" -- "${qemu[@]}" </dev/null
results >"$W/stock"
expected 'fewer than 40 passed' [ "$(grep -c '^Ok' "$W/stock")" -ge 40 ]

t 'what passes there passes here'
echo "# perf test: $(grep -c '^Ok' "$W/stock") passed there, $(grep -c '^Ok' "$W/here") here"
grep '^Ok' "$W/stock" | while read -r line; do
	grep -qxF "$line" "$W/here" || echo "${line#Ok }"
done >"$W/lost"
sed 's/^/#   lost: /' "$W/lost"
[ ! -s "$W/lost" ] || fail "$(wc -l <"$W/lost") lost"
