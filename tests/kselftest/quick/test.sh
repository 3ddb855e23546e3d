#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# The kernel's own selftests that say most about an architecture in little time:
# those that the file "tests" lists must pass.  tests/kselftest/all runs the
# rest, and finds that these pass on arch/x86.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../kselftest.sh"
need "$O/linux"
kselftest_build
kselftest_list "$T/tests" >"$W/list"

t 'the selftests run to their end'
kselftest_boot here "$W/list"
expect_status 0
expect_out '^@ end'

while read -r name; do
	case $name in
	''|'#'*) continue ;;
	esac
	t "$name"
	result=$(awk -v name="$name" '$1 == "@" && $3 == name { word = $2 }
		END { print word }' "$W/out")
	[ "$result" = pass ] || {
		sed -n "/^@ start $name\$/,/^@ [a-z]* $name /p" "$W/out" |
			sed 's/^/# /'
		fail "${result:-did not build}"
	}
done <"$T/tests"
