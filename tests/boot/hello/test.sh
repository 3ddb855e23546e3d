#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# intel
# A command line in the guest: its output byte for byte, its status, its input.
. "${0%/*}/../../lib.sh"

t 'output and status'
guest_cmd 'uname -s; echo "a  b"; printf "no end of line"; exit 7'
expect_status 7
printf 'Linux\na  b\nno end of line' >"$W/wanted"
expected 'the output is what the command wrote' cmp "$W/wanted" "$W/out"

t 'it is an x86-64 Linux 6.12'
guest_cmd 'uname -srm; head -n 3 /proc/cpuinfo'
expect_status 0
expect_out '^Linux 6\.12[^ ]* x86_64$'
expect_out '^processor[[:blank:]]*: 0$'
expect_out '^vendor_id[[:blank:]]*: '

t 'killed by a signal'
guest_cmd 'kill -KILL $$'
expect_status 137

t 'status 255'
guest_cmd 'exit 255'
expect_status 255

t 'its input ends'
guest_cmd 'cat; echo end' <<<'from the host'
expect_status 0
expect_out_is 'from the host
end'
