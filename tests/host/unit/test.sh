#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 180
# Unit tests of the shim, under ASan and UBSan.
. "${0%/*}/../../lib.sh"

make -s -C "$T" O="$W/units" || fail "the unit tests do not build"
for unit in "$W"/units/test_*; do
	CMOCKA_MESSAGE_OUTPUT=TAP "$unit" >"$W/out" 2>"$W/err" || true
	# cmocka numbers each file from 1; so does lib.sh, over all of them
	while read -r word _ _ text; do
		case $word in
		ok) t "${unit##*/test_}: $text" ;;
		not) t "${unit##*/test_}: $text"; fail "see the log" ;;
		esac
	done < <(sed -n 's/^not ok/not/; /^ok\|^not/p' "$W/out")
	grep -q '^1\.\.' "$W/out" || { t "${unit##*/}"; fail "it crashed"; }
	sed 's/^/# /' "$W/err"
done
