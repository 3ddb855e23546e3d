#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 150
# serial
# Random reads of 4 KiB, 32 at a time: at most one doorbell and one interrupt
# for 4 requests, and no exit to the shim.  Against a run with no reads, in the
# bed's own time.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../disk.sh"
need "$O/linux" "$O/rootfs.cpio"

where
bed=()
[ "$UMKVM_WHERE" != bed ] || bed=(--icount)
disk_run '/umkvm/blk randread /dev/vda $n && grep req /proc/interrupts' \
	"${bed[@]}" --timeout "$LIMIT" <<'END'
truncate -s 32M img
dd if=/dev/urandom of=img bs=1M count=32 conv=notrunc 2>/dev/null
for n in 0 8000; do
	part $n
	boot ubd0r=img n=$n --stats
	echo "status $?"
done
END

# Each number of a run, or nothing, which fails below
stat()	# PART NAME
{
	part "$1" | sed -n "s/^stats: $2: //p"
}

interrupts()	# PART
{
	part "$1" | awk '$NF == "req.0" { print $2 }'
}

at_most()	# LIMIT BEFORE AFTER WHAT
{
	[ "$2" ] && [ "$3" ] || { fail "no number of $4"; return; }
	echo "# $4: $(($3 - $2)) of $1 for 8000 reads"
	[ $(($3 - $2)) -le "$1" ] || fail "$(($3 - $2)) $4, $1 allowed"
}

t 'the reads are done'
part_has 0 '^status 0'
part_has 8000 '^8000 reads'
part_has 8000 '^status 0'

t 'a doorbell for four reads'
at_most 2000 "$(stat 0 device1.doorbells)" "$(stat 8000 device1.doorbells)" doorbells

t 'an interrupt for four reads'
at_most 2000 "$(interrupts 0)" "$(interrupts 8000)" interrupts

t 'no exit to the shim'
at_most 20 "$(stat 0 cpu0.shim_exits)" "$(stat 8000 cpu0.shim_exits)" 'exits to the shim'
