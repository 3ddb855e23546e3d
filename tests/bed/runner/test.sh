#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tests/run counts and reports what it should, on a directory of made-up tests.
. "${0%/*}/../../lib.sh"

make_test()	# NAME LINES: the lines become its test.sh
{
	mkdir -p "$W/tests/$1"
	printf '#!/bin/bash\n%s\n' "$2" >"$W/tests/$1/test.sh"
	chmod +x "$W/tests/$1/test.sh"
}

# run_tests ARG...: tests/run on the made-up ones; their build directory is ours
run_tests()
{
	status=0
	O=$W/build "$W/tests/run" "$@" </dev/null >"$W/out" 2>"$W/err" || status=$?
}

mkdir -p "$W/tests"
cp "$TESTS/run" "$TESTS/lib.sh" "$W/tests/"
make_test good/plain true
make_test good/tap 'printf "ok 1 - one\nok 2 - two # SKIP tired\n1..2\n"'
make_test good/lib '. "${0%/*}/../../lib.sh"; t first; t second; [ -d "$W" ]'
make_test skip/it 'echo "# SKIP no moon"; exit 77'

t 'passed, skipped'
run_tests
expect_status 0
expect_out '^ok [0-9]+ - good/plain$'
expect_out '^ok [0-9]+ - good/tap: one$'
expect_out '^ok [0-9]+ - good/tap: two # SKIP tired$'
expect_out '^ok [0-9]+ - skip/it # SKIP no moon$'
expect_out '^# 2 skipped$'
expected 'last line' [ "$(tail -n 1 "$W/out")" = '4 passed, 0 failed' ]
expect_out '^1\.\.6$'

t 'choice by name and by mark'
make_test slow/one $'# long\ntrue'
run_tests -l
expect_no_out slow
run_tests --all -l
expect_out '^slow/one$'
run_tests good/plain tests/slow
expected 'last line' [ "$(tail -n 1 "$W/out")" = '2 passed, 0 failed' ]
run_tests nonsense
expect_status 1
expect_err 'no test nonsense'

t 'failures'
make_test bad/status 'echo last words; exit 3'
make_test bad/tap 'echo "not ok 1 - one"'
make_test bad/long 'echo "# why"; echo "not ok 1 - one"; seq -f "ok %g - more" 2 60; exit 1'
make_test bad/plan 'echo "ok 1 - one"; echo 1..2'
make_test bad/lib '. "${0%/*}/../../lib.sh"; t one; fail why; t two; false'
make_test bad/hang $'# timeout: 1\nsleep 100'
run_tests bad
expect_status 1
expect_out '^not ok [0-9]+ - bad/status \(status 3\)$'
expect_out '^#   last words$'
expect_out '^not ok [0-9]+ - bad/tap: one$'
expect_out '^#   # why$'
expect_out '^# failed: bad/long: one$'
expect_out '^not ok [0-9]+ - bad/plan \(1 results of 2 planned\)$'
expect_out '^not ok [0-9]+ - bad/lib: one$'
expect_out '^not ok [0-9]+ - bad/lib: two$'
expect_out '^not ok [0-9]+ - bad/hang \(timed out'
expected 'last line' [ "$(tail -n 1 "$W/out")" = '60 passed, 7 failed' ]

t 'nothing passed is a failure'
run_tests skip
expect_status 1
expected 'last line' [ "$(tail -n 1 "$W/out")" = '0 passed, 0 failed' ]

t 'serial tests run alone'
make_test par/a 'sleep 1; echo done >"$O/a"'
make_test par/b $'# serial\n[ -e "$O/a" ]'
run_tests -j 4 par
expect_status 0
