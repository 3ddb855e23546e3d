#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 180
# Shell scripts parse, and shellcheck finds nothing.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../files.sh"
cd "$TOP"

t 'syntax'
report "syntax" < <(our_scripts | while read -r file; do
	shell='sh'
	[ -z "$(head -n 3 "$file" | grep bash)" ] || shell=bash
	$shell -n "$file" 2>&1
done)

# grep -q goes at the first line that fits, and what writes to it may then die of
# SIGPIPE: lib.sh's pipefail makes that the result, on a busy machine more often.
t 'no "grep -q" behind a pipe: grep -q REGEX < <(COMMAND)'
report "grep -q" < <(our_scripts | sed '/^rootfs\//d' | xargs awk '
	/[^|]\|[ \t]*grep +-[a-zA-Z]*q/ || piped && /^[ \t]*grep +-[a-zA-Z]*q/ {
		print FILENAME ":" FNR ": " $0
	}
	{ piped = /\|[ \t]*\\?$/ && !/\|\|[ \t]*\\?$/ }')

# SC1090, SC1091: files that only the guest or the caller has.  SC2154, SC2034:
# variables that lib.sh shares with its users.  SC2164: cd that fails ends a
# script under "set -e".  SC2016: programs in quotes.  SC2120: no arguments yet.
t 'shellcheck'
command -v shellcheck >/dev/null || skip "no shellcheck"
report "shellcheck" < <(our_scripts | xargs shellcheck -f gcc -S warning \
	-e SC1090,SC1091,SC2016,SC2034,SC2120,SC2154,SC2164)
