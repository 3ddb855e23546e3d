#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# list.sh BUILD: what of arch/x86 the kernel in BUILD was built from, taken from
# the dependencies that Kbuild recorded, as Documentation/porting-kernel.rst
# shows it: a directory, then its files.

set -eu
kernel=$1/kernel/

find "$kernel" -name '.*.cmd' -exec grep -ohE 'arch/x86/[A-Za-z0-9_./+-]+' {} + |
	grep -E '\.(c|h|S|tbl|awk|lds\.S)$' | tr -s / | sort -u |
	while read -r file; do
	[ ! -f "$1/farm/$file" ] || echo "${file%/*} ${file##*/}"
done | LC_ALL=C sort | awk '
	{
		if ($1 != dir) {
			printf "%s``%s``", NR == 1 ? "" : "\n\n", $1
			dir = $1; column = 99
		}
		if (column + 1 + length($2) > 78) {
			printf "\n  "; column = 2
		} else {
			printf " "; column++
		}
		printf "%s", $2
		column += length($2)
	}
	END { print "" }'
