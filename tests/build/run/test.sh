#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# `make run` runs a command line, whatever is in it, and ends with its status.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../make.sh"
need "$O/linux" "$O/rootfs.cpio"

run_cmd()
{
	status=0
	"$TOP/rootfs/run" -o "$O" "$@" >"$W/out" 2>"$W/err" || status=$?
}

t 'make run: output and status'
run_make run CMD='uname -srm; exit 7' </dev/null
expect_status 7
expect_out '^Linux 6\.12\.[0-9]+ x86_64$'
expect_err '^run: (on this host|in the test bed)'

t 'make run: quotes, dollars and spaces reach the guest'
# shellcheck disable=SC2016
run_make run CMD='a="x  y"; echo "$a" '\''$b'\'' $(( 6 * 7 )) # \' ARGS=mem=64M </dev/null
expect_status 0
expect_out '^x  y \$b 42$'

t 'nothing but the output of the command, byte for byte'
run_cmd -c 'printf "a\nb\r\n\t\001\377c"' </dev/null
expect_status 0
printf 'a\nb\r\n\t\001\377c' | cmp - "$W/out" || fail "other bytes"

t 'standard input, to its end'
head -c 100000 /dev/urandom >"$W/in"
run_cmd -c 'sha256sum; cat | wc -c' <"$W/in"
expect_status 0
expect_out "^$(sha256sum <"$W/in" | cut -d ' ' -f 1)"
expect_out '^0$'

t 'no command: a shell reads the standard input'
run_cmd <<<$'echo $((1 + 1)); exit 3'
expect_status 3
expect_out '^2'

t 'a command killed by a signal: 128 + n'
run_cmd -c 'kill -9 $$' </dev/null
expect_status 137

t 'poweroff in the command ends it, status 0'
run_cmd -c 'poweroff; sleep 100' </dev/null
expect_status 0

t 'modules are there'
run_cmd -c '[ ! -e /proc/modules ] || [ -e /lib/modules/$(uname -r)/modules.dep ]' </dev/null
expect_status 0
