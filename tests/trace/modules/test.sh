#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# The kernel's own tests of probes, static keys, direct calls and the
# BPF JIT, which come as modules, with two CPUs.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
variant trace

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
# BusyBox's dmesg takes a "<" at the begin of a line for a level
sed 's/^umkvm-test: \(.*\)/<\1>/' "$W/out" >"$W/all"

sees test_kprobes 'probes and their stack traces' '# kprobes.*: pass:[1-9][0-9]* fail:0 '
sees test_static_keys 'branches are patched' 'test_static_keys: 0$'
sees ftrace-direct 'a direct call' 'ftrace-direct: 0$' 'trace: .*my_direct_func.*waking up'
sees ftrace-direct-multi 'a direct call from two functions' 'ftrace-direct-multi: 0$' \
	'trace: .*my_direct_func: ip [0-9a-f]'
sees ftrace-ops 'handlers of functions' 'ftrace_ops: Attempted 100000 calls'
sees kretprobe_example 'a probe of a return' 'kernel_clone returned [1-9]'
sees fprobe_example 'a probe of entry and exit' 'Enter <kernel_clone\+' \
	'Return from <kernel_clone\+'
sees test_bpf 'the JIT compiles and computes' \
	'Summary: ([0-9]+) PASSED, 0 FAILED, \[([0-9]+)/\2 JIT'
sed -n 's/.*\(Summary: .*\)/# \1/p' "$W/out"

t 'nothing went wrong'
cp "$W/all" "$W/out"
expect_status 0
expect_out '^<end>'
expect_no_out 'WARNING: |BUG: |Oops'
