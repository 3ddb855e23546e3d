#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# Bytes through a guest: every value, in order, none lost, none added, with
# the end of file at the end; from a pipe and from a file.
. "${0%/*}/../../lib.sh"

python3 -c '
import random, sys
random.seed(1)
every = bytes(range(256)) * 16 + b"\x03\x04\x11\x13\x1a\x1c\r\n\r\r\n\n" * 100
sys.stdout.buffer.write(every + random.randbytes((1 << 20) - len(every)))' >"$W/in"

t '1 MiB from a pipe comes back'
guest_cmd cat < <(cat "$W/in")
expect_status 0
expected 'the bytes are the same' cmp "$W/in" "$W/out"

t '1 MiB from a file comes back'
guest_cmd 'cat; exit 5' <"$W/in"
expect_status 5
expected 'the bytes are the same' cmp "$W/in" "$W/out"

t 'the guest reads all of it, in order'
guest_cmd 'md5sum' <"$W/in"
expect_out "^$(md5sum <"$W/in" | cut -d' ' -f1) "

t 'a command that reads nothing ends all the same'
guest_cmd 'echo done' <"$W/in"
expect_status 0
expect_out_is 'done'

t 'output alone: 1 MiB'
guest_cmd 'dd if=/dev/zero bs=4096 count=256 2>/dev/null' </dev/null
expect_status 0
expected '1 MiB of zeroes' cmp <(head -c 1048576 /dev/zero) "$W/out"

t 'the streams by their names in /dev'
guest_cmd 'wc -c /dev/stdin; echo aside >/dev/stderr; echo out >/dev/stdout; ls -d /dev/fd/' \
	<"$W/in"
expect_status 0
expect_out_is "1048576 /dev/stdin
aside
out
/dev/fd/"
