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

passed()	# of $W/out, a line each
{
	sed -En 's/^ *([0-9]+[.:]?[0-9]*): +(.*[^ ]) *: Ok.*$/\1 \2/p' "$W/out" | sort -u
}

# A result is a line "14: NAME : Ok", of a part "14.1: NAME : Ok"
t 'here'
limit=1700 variant_cmd 'mount -t tracefs tracefs /sys/kernel/tracing
export HOME=/tmp PAGER=cat
perf test list 2>&1 | grep -o "^ *[0-9]*: " | while read -r nr; do
	timeout -s KILL 300 perf test "${nr%:}" </dev/null 2>&1
done' mem=512M "ncpus=$ncpus"
expect_status 0
passed >"$W/here"
cp "$W/out" "$W/here.out"

t 'arch/x86'
stock_initrd "$W/stock.cpio" "$built/rootfs.cpio" "$STOCK/modules.cpio" "${initrd#*,}"
stock_qemu 512 "$ncpus" "$STOCK/arch/x86/boot/bzImage" "$W/stock.cpio"
mapfile -t files < <(qemu_files)
run_host --timeout 1700 "${files[@]}" -- "${qemu[@]}" </dev/null
passed >"$W/stock"
expected 'fewer than 40 passed' [ "$(wc -l <"$W/stock")" -ge 40 ]

t 'what passes there passes here'
echo "# perf test: $(wc -l <"$W/stock") passed there, $(wc -l <"$W/here") here"
comm -23 "$W/stock" "$W/here" >"$W/lost"
sed 's/^/#   lost: /' "$W/lost"
[ ! -s "$W/lost" ] || fail "$(wc -l <"$W/lost") lost"
