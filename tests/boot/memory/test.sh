#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# Sizes of memory: the smallest, the default, more than lies below the hole.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../boot.sh"

total()		# MEM MIN_KB MAX_KB: boots a shell with mem=MEM
{
	t "mem=$1 boots to a shell"
	guest_cmd 'cat /proc/meminfo /proc/iomem; exit 3' -- ${1:+"mem=$1"}
	expect_status 3
	local kb
	kb=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' "$W/out")
	echo "# MemTotal: $kb kB"
	[ "${kb:-0}" -ge "$2" ] && [ "${kb:-0}" -le "$3" ] ||
		fail "MemTotal is ${kb:-unknown}, expected $2 to $3"
}

total 32M 14000 32768
total 64M 45000 65536
total '' 230000 262144
total 4G 4000000 4194304

boot_init
boot_cases <<'END'
	+mem=32M|0||off|boot mem=32M
	mem=33333K|0||off|boot mem=33333K
	mem=3G, up to the hole|0||off|boot mem=3G
	mem=3073M, one MiB above it|0||off|boot mem=3073M
	mem=8G, more than the host has|0||off|boot mem=8G
	out of memory is the guest's affair|240|ended: panic: System is deadlocked on memory|deadlocked|boot mem=32M do=eat
	what is too small is said|125|^linux: mem=.*too small; the kernel and the initrd need at least mem=||boot mem=8M
	an initrd larger than memory|125|^linux: mem=.*the initrd need at least mem=||truncate -s 40M big; linux initrd=big mem=32M
	just what it asks for boots|0||off|need=$(boot mem=2M 2>&1 @ sed -n 's/.*at least mem=//p'); boot mem=$((${need%M} + 16))M
END
