#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The test bed's other machines: two CPUs, virtual time by instruction count.
# timeout: 180
. "${0%/*}/../../lib.sh"
UMKVM_WHERE=bed

t 'two CPUs'
run_host --smp 2 -- nproc </dev/null
expect_out_is 2
run_host --smp 2 --multi -- nproc </dev/null
expect_out_is 2

t 'memory size'
run_host --mem 512 -- sh -c 'free -m | grep Mem' </dev/null
expect_out ' 4[0-9][0-9] '

t 'runs under --icount repeat'
run_host --icount -- sh -c 'cat /proc/uptime; date' </dev/null
expect_status 0
cp "$W/out" "$W/first"
run_host --icount -- sh -c 'cat /proc/uptime; date' </dev/null
expected 'two runs differ' cmp "$W/first" "$W/out"

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
