#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1200
# long
# KUnit by User Mode Linux's contract: the kernel's own kunit.py runs BUILD/linux
# of "make CONFIG=kunit" with the arguments that it has for UML, and reads what
# comes: all tests of what is configured pass.
. "${0%/*}/../../lib.sh"
ksrc=${KSRC:-$O/source}
need "$O/kunit/linux" "$ksrc"
where
[ "$UMKVM_WHERE" = direct ] || [ "$UMKVM_WHERE" = bed ] ||
	skip "about the kernel's tests, not about the CPU's vendor"

# Without KVM here, the test bed's
mkdir -p "$W/build"
{
	echo '#!/bin/sh'
	[ "$UMKVM_WHERE" = direct ] || printf 'exec %q --timeout 900 --mem 1536 -- ' \
		"$TESTS/bed/bed"
	printf '%q "$@"\n' "$O/kunit/linux"
} >"$W/build/linux"
chmod 755 "$W/build/linux"

t 'kunit.py exec: all tests pass'
status=0
# The kernel's tree stays as it is
PYTHONDONTWRITEBYTECODE=1 python3 "$ksrc/tools/testing/kunit/kunit.py" exec \
	--build_dir "$W/build" --timeout 900 >"$W/out" 2>"$W/err" </dev/null || status=$?
expect_status 0
expect_out 'Testing complete\. Ran [1-9][0-9]* tests: passed: [1-9]'
expect_no_out 'crashed|failed: |errors: '
sed -n 's/^.*\(Ran [0-9]* tests.*\)/# \1/p' "$W/out"

t 'the words are those of UML'
expect_out '/linux .*mem=1G console=tty kunit_shutdown=halt'
