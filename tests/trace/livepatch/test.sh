#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# The kernel's own tests of live patching, with two CPUs: functions replaced while
# tasks are in them, which takes stack traces that can be relied on.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
variant trace

selftests=${KSRC:-$O/source}/tools/testing/selftests/livepatch
need "$selftests"
guest_module "$selftests/test_modules" "$built/kernel"
"${CROSS_COMPILE:-}gcc" -O2 -static -o "$W/getpid" "$selftests/test_klp-call_getpid.c"
guest_file "$W/getpid" /umkvm/test_klp-call_getpid
for file in "$selftests"/*.sh; do
	guest_file "$file"
done
# What BusyBox has with fewer options, or other messages
PATH=$PATH:/usr/sbin:/sbin
for program in bash date diff getconf sysctl insmod rmmod modinfo; do
	path=$(readlink -f "$(command -v "$program")") || skip "no $program"
	guest_program "$path" "/umkvm/bin/$program"
done
guest_program "$(command -v stat)" /bin/stat

# One of them turns the console's messages on, hence the file
variant_cmd 'mount -t debugfs debugfs /sys/kernel/debug
dmesg -n 1
cd /umkvm
export PATH=/umkvm/bin:$PATH KDIR=/umkvm
mkdir test_modules && mv *.ko test_modules
for test in test-*.sh; do
	bash $test </dev/null >log 2>&1
	status=$?
	echo "<$test>"
	cat log
	echo "status $status"
done' mem=512M ncpus=2
cp "$W/out" "$W/all"

for file in "$selftests"/test-*.sh; do
	sees "${file##*/}" 'passes' '^TEST: .* ok$' '^status 0$'
	expect_no_out '^ERROR|not ok|FAIL'
done

t 'nothing went wrong'
cp "$W/all" "$W/out"
expect_status 0
expect_no_out 'WARNING: |BUG: |Oops'
