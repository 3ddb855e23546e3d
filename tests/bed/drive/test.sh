#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# --drive: a file of this machine is a disk of L1, in both directions.
. "${0%/*}/../../lib.sh"
UMKVM_WHERE=bed
cd "$W"
truncate -s 5M drive
printf 'from outside' | dd of=drive conv=notrunc bs=1 seek=4096 status=none

t 'L1 sees the file under its name, with its size, and writes to it'
run_host --timeout "$((60 * ${TIMEOUT_SCALE:-1}))" --drive drive -- sh -c '
	test -b drive && echo "a disk of $(blockdev --getsize64 drive)"
	dd if=drive bs=1 skip=4096 count=12 2>/dev/null; echo
	printf "from inside" | dd of=drive bs=1 seek=8192 conv=notrunc 2>/dev/null
	sync'
expect_status 0
expect_out_is "a disk of 5242880
from outside"
[ "$(dd if=drive bs=1 skip=8192 count=11 status=none)" = "from inside" ] ||
	fail "nothing came back"

t 'a drive that is not there'
run_host --drive missing -- true
expect_status 125
expect_err '^bed: --drive missing: No such file or directory'

t 'a drive that another bed has'
exec 8<drive
flock 8
run_host --drive drive -- true
expect_status 125
expect_err '^bed: --drive drive: another bed has it'
exec 8<&-

t 'not on the Intel bed'
run_host --intel --drive drive -- true
expect_status 125
expect_err '^bed: --intel has .* no --drive'
