#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# linux.1 and --help name the same options, and the manual page is well formed.
. "${0%/*}/../../lib.sh"

need "$O/linux"
"$O/linux" --help >"$W/out" 2>"$W/err" || fail "--help ends with $?"

# The first column of --help up to a value; .TP entries of OPTIONS likewise
sed -n 's/^  \([^ ]*\).*/\1/p' "$W/out" | sed 's/=.*/=/' | sort -u >"$W/help"
sed -n '/^\.SH OPTIONS/,/^\.SH STANDARD/p' "$T/../../../host/linux.1" |
	sed -n '/^\.TP/{n;p}' | sed 's/^\.BI\? //; s/\\-/-/g; s/=.*/=/; s/ .*//' |
	sort -u >"$W/manual"
t "the same options in both"
diff "$W/help" "$W/manual" >"$W/diff" || { sed 's/^/# /' "$W/diff"; fail "they differ"; }

t "all exit codes of umkvm.h are in the manual"
sed -n 's/^#define UMKVM_EXIT_[A-Z_]*[[:blank:]]*\([0-9]*\).*/\1/p' \
	"$T/../../../arch/um-kvm/include/uapi/asm/umkvm.h" | while read -r code; do
	grep -q "^$code	" "$T/../../../host/linux.1" || echo "$code"
done >"$W/missing"
[ ! -s "$W/missing" ] || fail "missing: $(tr '\n' ' ' <"$W/missing")"

t "--version names program and ABI"
"$O/linux" --version >"$W/out" 2>"$W/err" || fail "--version ends with $?"
expect_out '^linux .*, ABI [0-9]+$'

t "well formed"
command -v man >/dev/null || skip "man is not installed"
LC_ALL=C MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z \
	"$T/../../../host/linux.1" 2>"$W/err" >/dev/null || fail "man ends with $?"
[ ! -s "$W/err" ] || fail "$(head -n 3 "$W/err")"
