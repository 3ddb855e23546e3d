#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# The kernel's own tests of probes, static keys and calls, direct calls and the
# BPF JIT, which come as modules, with two CPUs.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
variant trace

module()	# NAME TEXT REGEX...: of the log, once NAME was loaded
{
	local regex
	t "$1: $2"
	sed -n "/umkvm-test: $1\$/,/umkvm-test: /p" "$W/all" >"$W/out"
	for regex in "${@:3}"; do
		expect_out "$regex"
	done
}

variant_cmd 'mount -t tracefs tracefs /sys/kernel/tracing
for m in test_kprobes test_static_keys ftrace-direct ftrace-direct-multi ftrace-ops \
	kretprobe_example fprobe_example test_bpf; do
	echo "umkvm-test: $m" >/dev/kmsg
	modprobe $m $([ $m != test_bpf ] || echo test_suite=test_bpf)
	echo "$m: $?" >/dev/kmsg
	head -c 1 /dev/zero >/dev/null
	(:)
	sed "s/^/trace: /" /sys/kernel/tracing/trace | grep "[dm]y_direct_func" |
		head -n 3 >/dev/kmsg
	rmmod $m
	echo >/sys/kernel/tracing/trace
done
echo "umkvm-test: end" >/dev/kmsg' mem=512M ncpus=2 log_buf_len=4M
cp "$W/out" "$W/all"

module test_kprobes 'probes and their stack traces' '# kprobes.*: pass:[1-9][0-9]* fail:0 '
module test_static_keys 'branches are patched' 'test_static_keys: 0$'
module ftrace-direct 'a direct call' 'ftrace-direct: 0$' 'trace: .*my_direct_func.*waking up'
module ftrace-direct-multi 'a direct call from two functions' 'ftrace-direct-multi: 0$' \
	'trace: .*my_direct_func: ip [0-9a-f]'
module ftrace-ops 'handlers of functions' 'ftrace_ops: Attempted 100000 calls'
module kretprobe_example 'a probe of a return' 'kernel_clone returned [1-9]'
module fprobe_example 'a probe of entry and exit' 'Enter <kernel_clone\+' \
	'Return from <kernel_clone\+'
module test_bpf 'the JIT compiles and computes' \
	'Summary: ([0-9]+) PASSED, 0 FAILED, \[([0-9]+)/\2 JIT'
sed -n 's/.*\(Summary: .*\)/# \1/p' "$W/out"

t 'nothing went wrong'
cp "$W/all" "$W/out"
expect_status 0
expect_out 'umkvm-test: end'
expect_no_out 'WARNING: |BUG: |Oops'
