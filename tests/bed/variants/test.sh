#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The test bed's other machines: two CPUs, virtual time by instruction count.
# timeout: 180
. "${0%/*}/../../lib.sh"
UMKVM_WHERE=bed

t 'two CPUs'
run_host --smp 2 -- nproc </dev/null
expect_out_is 2

t 'memory size'
run_host --mem 512 -- sh -c 'free -m | grep Mem' </dev/null
expect_out ' 4[0-9][0-9] '

# Not to the instruction: when the disk answers is the host's time
t 'runs under --icount repeat'
run_host --icount -- cat /proc/uptime </dev/null
expect_status 0
cp "$W/out" "$W/first"
run_host --icount -- cat /proc/uptime </dev/null
expect_status 0
expected 'two runs differ by more than 0.05 seconds of 320' \
	awk 'NR == 1 { first = $1 } NR == 2 { d = $1 - first }
	END { exit !(NR == 2 && d < 0.05 && d > -0.05) }' "$W/first" "$W/out"

t 'wrong use'
run_host --icount --smp 2 -- true </dev/null
expect_status 125
expect_err '^bed: --icount works with one CPU only$'
run_host --nonsense -- true </dev/null
expect_status 125
expect_err '^bed: unknown option --nonsense'
run_host --timeout x -- true </dev/null
expect_status 125
expect_err '^bed: --timeout x: not a number$'
run_host --file /no/such/file -- true </dev/null
expect_status 125
expect_err '^bed: --file /no/such/file: not a file$'
