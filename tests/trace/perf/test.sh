#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# perf of the distribution: counting and recording by software events, trace events
# and probes, with call chains, and those of its own tests that are about the kernel.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
variant trace

tool=$(command -v perf) || skip 'no perf'
guest_program "$tool" /bin/perf

# Its tests that are about the kernel, and need neither a PMU nor more of a system
# than there is: events, their fields, samples, clocks, switches
cat >"$W/own" <<'END'
Detect openat syscall event
Detect openat syscall event on all cpus
Read samples using the mmap interface
Parse sched tracepoints fields
syscalls:sys_enter_openat event fields
Software clock events period values
Track with sched_switch
Event times
Read backward ring buffer
Sample parsing
END
guest_file "$W/own"

variant_cmd 'mount -t tracefs tracefs /sys/kernel/tracing
export HOME=/tmp PERF_PAGER=cat PAGER=cat
cd /tmp
echo "<stat>"
perf stat -x, -e task-clock,context-switches,page-faults,sched:sched_process_fork \
	sh -c ": | cat; : | cat" 2>&1
echo "<clock>"
perf record -q -e cpu-clock -F 500 -g -o clock -- \
	dd if=/dev/zero of=/dev/null bs=64k count=4000 2>/dev/null
perf report -i clock --stdio --no-children -G 2>/dev/null | grep -v "^#" | head -n 60
echo "<event>"
perf record -q -e sched:sched_process_exec -g -a -o event -- sh -c :
perf script -i event
echo "<probe>"
perf probe -q --add vfs_read 2>&1
perf record -q -e probe:vfs_read -g -o probe -- dd if=/dev/zero of=/dev/null bs=1 count=1 2>/dev/null
perf script -i probe
perf probe -q --del vfs_read 2>&1
echo "<own>"
while read -r name; do perf test "$name" 2>&1; done </umkvm/own' mem=512M ncpus=2
cp "$W/out" "$W/all"

sees stat 'counts' '^[1-9][0-9.]*,msec,task-clock' '^[1-9][0-9]*,,context-switches' \
	'^[1-9][0-9]*,,page-faults' '^4,,sched:sched_process_fork'
sees clock 'samples by the clock, with the way there' \
	'[1-9][0-9.]*% +dd +\[kernel\.kallsyms\] ' 'vfs_read' 'entry_SYSCALL_64'
sees event 'an event with its stack' 'sched:sched_process_exec: filename=/bin/sh' \
	'do_execveat_common' 'entry_SYSCALL_64'
sees probe 'a probe that perf has set' 'dd .* probe:vfs_read: ' 'ksys_read' 'entry_SYSCALL_64'
sed -n '/^<own>/,/^== log/p' "$W/all" >"$W/out"
while read -r name; do
	t "perf test: $name"
	expect_out "$name *: Ok"
done <"$W/own"

t 'nothing went wrong'
cp "$W/all" "$W/out"
expect_no_out 'WARNING: |BUG: |Oops'
