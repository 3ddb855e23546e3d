#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# The tracers of ftrace, probes of the kernel and of programs, events with stack
# traces: each finds what happened and disturbs nothing, with two CPUs.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
variant trace

"${CROSS_COMPILE:-}gcc" -O2 -g0 -static -o "$W/target" "$T/target.c"
guest_file "$W/target"
guest_file "$T/guest"

# Where the fifth instruction of vfs_read begins: behind the call of __fentry__
# and the frame, in code that can be optimized
mid=$("${CROSS_COMPILE:-}objdump" -d --no-show-raw-insn --disassemble=vfs_read \
	"$built/kernel/vmlinux" | awk '/^[0-9a-f]+ <vfs_read>:/ { start = $1; next }
	start && /^f/ && ++n == 5 { sub(":", "", $1); print start, $1 }')
mid=$((0x${mid#* } - 0x${mid% *}))

# traced_function in the file: its address, in the segment of code
uoffset=$("${CROSS_COMPILE:-}readelf" -Wls "$W/target" | awk '
	$1 == "LOAD" && / R E / { file = $2; addr = $3 }
	$8 == "traced_function" { print file, addr, "0x" $2 }')
read -r file addr symbol <<<"$uoffset"
uoffset=$((symbol - addr + file))

variant_cmd "mid=$mid uoffset=$(printf '0x%x' $uoffset); . /umkvm/guest" mem=256M ncpus=2
cp "$W/out" "$W/all"

sees function 'a function and its caller' 'dd-.*: vfs_read <-ksys_read$'
sees stack 'how it was called' ' => vfs_read$' ' => ksys_read$' ' => do_syscall_64$'
sees graph 'what it calls, how long it takes, what it returns' \
	'\|  vfs_read\(\) \{' '\|    read_zero\(\) \{' \
	' us +\|  \} /\* vfs_read = 0x1 \*/$'
sees everything 'all functions' '^many$'
sees list 'probes by call, by jump and by interrupt' \
	' k  vfs_read\+0x0 .*\[FTRACE\]' " k  vfs_read\\+0x$(printf %x $mid) .*\\[OPTIMIZED\\]"
sees kprobes 'arguments and the value that is returned' \
	'dd-.*: entry: \(vfs_read.* file=0xffff.* count=0x1$' \
	'dd-.*: middle: \(vfs_read\+' \
	'dd-.*: return: \(ksys_read\+.* <- vfs_read\) ret=1$'
sees int3 'a probe that is not optimized' 'dd-.*: middle: \(vfs_read\+'
sees target 'the program computes what it did without probes' '^ended 72$'
sees uprobes 'arguments and values of a program' \
	'target.*: entry: \(0x.*number=1 text="four"' \
	'target.*: entry: \(0x.*number=3 text="four"' \
	'target.*: return: \(0x.* <- 0x.* ret=34$'
sees event 'an event with its stack' 'sched_process_exit: comm=dd' \
	' => do_exit' ' => do_syscall_64'
sees syscall 'a system call' 'dd-.*: sys_openat\(dfd: .*filename: '

t 'nothing went wrong'
cp "$W/all" "$W/out"
expect_status 0
expect_out '^<end>'
expect_no_out 'WARNING: |BUG: |Oops'
