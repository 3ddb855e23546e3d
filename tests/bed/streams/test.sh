#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The test bed passes bytes, status, signals and files through, and says in one
# line what went wrong with itself.
# timeout: 120
. "${0%/*}/../../lib.sh"
UMKVM_WHERE=bed

t 'binary input and output, 100 KB'
head -c 100000 /dev/urandom >"$W/bytes"
run_host -- cat <"$W/bytes"
expect_status 0
expected 'bytes differ' cmp "$W/bytes" "$W/out"

t 'stdout and stderr stay apart, status comes back'
run_host -- sh -c 'echo one; echo two >&2; exit 7' </dev/null
expect_status 7
expect_out_is one
expect_err '^two$'
expect_no_err one

t 'a program killed by a signal'
run_host -- sh -c 'kill -9 $$' </dev/null
expect_status 137

t 'no such program'
run_host -- /no/such/program </dev/null
expect_status 127
expect_err 'cannot run /no/such/program'

t 'files arrive by argument, KEY=FILE list and --file, under their names'
cd "$W"
mkdir -p sub
echo one >one
echo two >'sub/two words'
printf '#!/bin/sh\necho three\n' >three
chmod 755 three
run_host --file three -- sh -c 'cat "$0" "${1#*,}"; ./three; pwd' one \
	"key=bytes,sub/two words" </dev/null
expect_out_is "one
two
three
$W"
run_host -- sh -c 'cmp bytes - && stat -c %s "$0"' ./bytes <bytes
expect_out_is 100000

t 'closed standard streams are closed there too'
run_host -- sh -c '[ ! -e /proc/$$/fd/0 ] && [ -e /proc/$$/fd/1 ]' <&-
expect_status 0

t 'end of a reader reaches the writer'
status=0
where
"$TESTS/bed/bed" -- sh -c 'yes; echo $? >&2' </dev/null 2>"$W/err" |
	head -n 1 >"$W/out" || status=$?
expect_out_is y

t 'a run in steps begins without the output of the one before'
echo old | tee "$W/out" >"$W/err"
start_host -- sh -c 'echo new' </dev/null
line=
# Without a process in between: the new one must not have time to tidy up
read -r line 2>/dev/null <"$W/out" || read -r line 2>/dev/null <"$W/err" || true
wait_linux
expected 'old output is there' [ "$line" != old ]
expect_out_is new

t 'SIGTERM, SIGINT and SIGQUIT reach the program'
for sig in TERM INT QUIT; do
	start_host -- sh -c "trap 'echo got $sig; exit 3' $sig
		echo ready; while :; do usleep 50000; done" </dev/null
	wait_out ready
	stop_linux "$sig"
	expect_status 3
	expect_out "got $sig"
done

t 'time-out'
run_host --timeout 1 -- sleep 100 </dev/null
expect_status 124
expect_err '^bed: timed out after 1 s: sleep$'

t 'the machine ends by itself'
run_host -- sh -c 'echo c >/proc/sysrq-trigger' </dev/null
expect_status 125
expect_err '^bed: QEMU ended: .*Kernel panic'

t 'two runs at once'
"$TESTS/bed/bed" -- sh -c 'sleep 1; echo a' </dev/null >"$W/a" &
"$TESTS/bed/bed" -- sh -c 'sleep 1; echo b' </dev/null >"$W/b" &
wait
expected 'outputs mixed' [ "$(cat "$W/a" "$W/b")" = $'a\nb' ]

t 'L1 has KVM, the right time and fresh random numbers'
run_host -- sh -c '[ -c /dev/kvm ] && date +%s; cat /proc/sys/kernel/random/uuid' </dev/null
expected 'wrong time' [ $(($(date +%s) - $(head -n 1 "$W/out"))) -lt 60 ]
tail -n 1 "$W/out" >"$W/first"
run_host -- cat /proc/sys/kernel/random/uuid </dev/null
expected 'random numbers repeat' lacks "$(cat "$W/first")" "$W/out"
