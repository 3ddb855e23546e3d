#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# A guest that dies without a word: the shim prints the last lines of its log,
# but for those that the console showed.
. "${0%/*}/../../lib.sh"

header="^last lines of the kernel's log that the console does not show:"
need "$O/linux"
guest_module "$TESTS/debug/hang"

t 'the watchdog ends a guest with a quiet console'
guest_cmd 'exec 3>/dev/watchdog; insmod /umkvm/hang.ko' \
	--timeout 100 -- watchdog.timeout=4
expect_status 244
expect_no_out 'about to hang'
expect_err "$header"
expect_err '^\[ +[0-9]+\.[0-9]{6}\] about to hang$'
t 'that comes before the last line'
[ "$(tail -n 1 "$W/err")" = \
	'linux: ended: watchdog: no sign of life for 4 seconds' ] || fail "it does not"

t 'what the console showed is not shown again'
guest_cmd 'exec 3>/dev/watchdog; insmod /umkvm/hang.ko' \
	--timeout 100 -- watchdog.timeout=4 ignore_loglevel
expect_status 244
expect_out 'about to hang'
expect_no_err 'about to hang'

t 'a panic prints its log itself'
guest_cmd 'echo c >/proc/sysrq-trigger' --timeout 100
expect_status 240
expect_out 'Kernel panic'
expect_no_err "$header"
