#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The Intel test bed: VT-x is there, and streams, status and signals pass.
# timeout: 900
# long
. "${0%/*}/../../lib.sh"
UMKVM_WHERE=intel

t 'VT-x, KVM, streams and status'
head -c 20000 /dev/urandom >"$W/bytes"
run_host -- sh -c 'cat; grep -c vmx /proc/cpuinfo >&2
	[ -c /dev/kvm ] && [ -d /sys/module/kvm_intel ] && exit 7' <"$W/bytes"
expect_status 7
expected 'bytes differ' cmp "$W/bytes" "$W/out"
expect_err '^[1-9]'

t 'SIGTERM'
start_host -- sh -c "trap 'echo got it; exit 3' TERM
	echo ready; while :; do usleep 50000; done" </dev/null
wait_out ready 400
stop_linux TERM
expect_status 3
expect_out '^got it$'

t 'wrong use'
run_host --smp 2 -- true </dev/null
expect_status 125
expect_err '^bed: --intel has one CPU'
