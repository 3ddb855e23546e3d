#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# BPF programs of clang, loaded and attached by libbpf, as on any Linux: fentry,
# fexit, kprobe, kretprobe and tracepoint, compiled by the JIT, with two CPUs.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
variant trace

tool=$(PATH=$PATH:/usr/sbin command -v bpftool) || skip 'no bpftool'
clang -O2 -g -target bpf -D__TARGET_ARCH_x86 \
	-I"/usr/include/$(gcc -print-multiarch)" -c "$T/watch.bpf.c" -o "$W/watch.bpf.o"
"${CROSS_COMPILE:-}gcc" -O2 -Wall -Wextra -static -o "$W/attach" "$T/attach.c" \
	-lbpf -lelf -lz
guest_file "$W/watch.bpf.o"
guest_file "$W/attach" /bin/attach
guest_program "$tool" /bin/bpftool

variant_cmd 'mount -t tracefs tracefs /sys/kernel/tracing
read_7="dd if=/dev/zero of=/dev/null bs=7 count=1"
attach /umkvm/watch.bpf.o "bpftool prog show; $read_7" || exit
$read_7
grep bpf_trace_printk /sys/kernel/tracing/trace' mem=512M ncpus=2

t 'they load, attach and end'
expect_status 0
t 'the JIT has compiled them'
expected 'fewer than five' [ "$(grep -c ' jited [1-9][0-9]*B' "$W/out")" -ge 5 ]
for seen in 'fentry: count 7' 'fexit: count 7, returns 7' 'kprobe: count 7' \
	'kretprobe: returns 7' 'tracepoint: exit'; do
	t "$seen, once"
	expected 'not once' [ "$(grep -c "$seen\$" "$W/out")" = 1 ]
done
t 'nothing went wrong'
expect_no_out 'WARNING: |BUG: |Oops'
