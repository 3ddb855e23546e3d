#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# Boots with four CPUs, again and again: none hangs, none complains.  BOOTS says
# how many.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

boots=${BOOTS:-5} limit=60

guest_initrd 'echo "$(nproc) CPUs"; dmesg; exit 7'
smp_script --timeout $((120 + boots * 15)) -- \
	"initrd=$initrd" <<END
n=0
while [ \$n -lt $boots ]; do
	n=\$((n + 1))
	status=0
	timeout -s QUIT -k 10 $limit "\$@" con0=null,fd:1 quiet ncpus=4 \\
		</dev/null >boot.out 2>&1 || status=\$?
	echo "boot \$n: status \$status, \$(grep -ax '4 CPUs' boot.out)"
	grep -aE '$smp_bad' boot.out
	[ \$status = 7 ] || tail -n 40 boot.out
done
rm -f boot.out
END

t "$boots boots at ncpus=4"
expect_status 0
good=$(grep -cax 'boot [0-9]*: status 7, 4 CPUs' "$W/out") || true
[ "$good" -eq "$boots" ] || { grep -a '^boot ' "$W/out" | grep -v ' 7, 4 CPUs' |
	sed 's/^/# /'; show; fail "$good of $boots were good"; }
t 'no complaint'
expect_no_out "$smp_bad"
