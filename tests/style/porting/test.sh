#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# Documentation/porting-kernel.rst lists what is used of arch/x86 by reference;
# the list is what was built.  Between its two marks, paste list.sh's output:
#	tests/style/porting/list.sh build
. "${0%/*}/../../lib.sh"
. "${0%/*}/../files.sh"

page=$TOP/Documentation/porting-kernel.rst
need "$O/kernel/vmlinux"
cmp -s "$O/kernel/.config" "$O/kernel/.config.default" ||
	skip "the list is for the default configuration"

sh "$T/list.sh" "$O" >"$W/built"
[ -e "$page" ] || fail "no $page"
sed -n '/^\.\. x86 files begin/,/^\.\. x86 files end/p' "$page" |
	sed '1,2d;$d' | sed '$d' >"$W/listed"
report "porting-kernel.rst (<) differs from what was built (>)" < <(
	diff <(tr -s ' \n' '\n' <"$W/listed") <(tr -s ' \n' '\n' <"$W/built") |
	grep '^[<>]')
