#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3600
# serial
# long
# "make LLVM=1", beside this build: no warning, and the tests of booting and of the
# guest's programs pass, one of which builds a module.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../make.sh"
for program in clang ld.lld llvm-nm; do
	command -v $program >"$W/which" || skip "no $program (packages clang, lld, llvm)"
done
BUILD=$O/llvm
source=${KSRC:-$O/source}
need "$O/bed/relay" "$source/Makefile"
mkdir -p "$BUILD"
ln -sfn "$O/bed" "$BUILD/bed"

t 'clang and lld build it'
run_make LLVM=1 "KSRC=$source" linux rootfs guest
expect_status 0
expect_no_out 'warning:'
expect_no_err 'warning:'
expected 'it is not by clang' \
	grep -q '^CONFIG_CC_IS_CLANG=y' "$BUILD/kernel/.config"

t 'it boots, and runs its programs'
status=0
O=$BUILD UMKVM_TEST='' "$TESTS/run" boot guest/suite guest/exits >"$W/out" 2>"$W/err" ||
	status=$?
expect_status 0
expect_out '^[0-9]{3} passed, 0 failed$'
echo "# $(tail -n 1 "$W/out")"
