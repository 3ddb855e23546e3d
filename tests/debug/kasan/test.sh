#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# KASAN: its own tests, all of them, and errors of a module: what the report
# says, with the lines of the source, and that the kernel goes on.  UBSAN: an index
# that is too large.  KCOV: its test of itself, a panic if code of an interrupt counts.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
variant kasan

t "KASAN's own tests, with 256 MiB and two CPUs"
variant_cmd 'modprobe kasan_test' mem=256M ncpus=2
expect_status 0
expect_out '# kasan: pass:[1-9][0-9]* fail:0 '
expect_no_out '^(\[.*\] )?not ok '
sed -n 's/.*# kasan: pass:/# pass:/p' "$W/out"

t 'errors of a module, one after the other'
variant_cmd 'mount -t debugfs debugfs /sys/kernel/debug && modprobe lkdtm || exit
for error in READ_AFTER_FREE SLAB_LINEAR_OVERFLOW READ_BUDDY_AFTER_FREE \
	ARRAY_BOUNDS; do
	echo $error >/sys/kernel/debug/provoke-crash/DIRECT
done
echo the kernel goes on' kasan_multi_shot mem=256M
expect_status 0
bug='BUG: KASAN: '
expect_out "${bug}slab-use-after-free in lkdtm_READ_AFTER_FREE\\+.* \\[lkdtm\\]"
expect_out "${bug}slab-out-of-bounds in lkdtm_SLAB_LINEAR_OVERFLOW\\+"
# whose page may be a slab again by then
expect_out "${bug}(slab-)?use-after-free in lkdtm_READ_BUDDY_AFTER_FREE\\+"
expect_out 'Freed by task'
expect_out 'UBSAN: array-index-out-of-bounds in .*drivers/misc/lkdtm/bugs\.c:[0-9]+'
expect_out 'kcov: done running self test'
expect_out '^the kernel goes on'

t 'decode_stacktrace.sh finds the lines'
variant_decode "$built/kernel"
expect_out 'lkdtm_READ_AFTER_FREE .*lkdtm/heap\.c:[0-9]+\)'
expect_out 'vfs_write .*fs/read_write\.c:[0-9]+\)'
