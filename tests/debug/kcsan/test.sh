#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1200
# long
# KCSAN's own tests: threads race on purpose, on two CPUs, and each report has to
# name both functions, or there must be none.  Those of a third of the alphabet:
# all of them take a quarter of an hour here.  And that hvc0 can print a report
# while it is busy.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
variant kcsan

t 'a busy console, with every 200th access watched'
limit=200 variant_cmd 'for i in $(seq 2000); do echo "line $i of many"; done' \
	mem=256M ncpus=2 kcsan.skip_watch=200
expect_status 0
expect_out '^line 2000 of many'
expect_no_out 'KCSAN: .* in (virtqueue_|vring_|__send_to_port)'

# In the bed vCPUs take turns.  A watch of 80 us, the default, seldom sees the
# other one: then some races are not found in the 3.5 seconds that a test has.
t "KCSAN's own tests, with two CPUs"
variant_cmd 'modprobe kunit filter_glob=kcsan.test_[abc]*; modprobe kcsan_test' \
	mem=256M ncpus=2 kcsan.udelay_task=2000
expect_status 0
expect_out 'kcsan: selftest: [1-9][0-9]*/[1-9][0-9]* tests passed'
expect_out '# kcsan: pass:[1-9][0-9]* fail:0 '
expect_out 'BUG: KCSAN: data-race in test_kernel_[a-z]* \[kcsan_test\] / test_kernel_'
expect_no_out '^(\[.*\] )?not ok '
sed -n 's/.*# kcsan: pass:/# pass:/p' "$W/out"
