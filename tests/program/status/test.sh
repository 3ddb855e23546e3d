#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# How a command ends, and what its status says; nothing else is on stdout.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../program.sh"

dir_build
program_run --timeout "$((180 * ${TIMEOUT_SCALE:-1}))" -- "$W/files" <<'END'
try()	# NAME WORD...
{
	part "$1"
	shift
	code=0
	./linux run "$@" >out 2>err </dev/null || code=$?
	echo "status $code"
	sed 's/^/out: /' out
	sed 's/^/err: /' err
}
echo text >text
try missing -- not-there
try denied -- ./text
try killed -- sh -c 'echo before; kill -9 $$'
try panic -- sh -c 'echo before; sleep 1; echo c >/proc/sysrq-trigger'
part term
./linux run -- sh -c 'echo up; sleep 1000' >out 2>err &
until grep -q up out; do
	sleep 0.2
done
kill -TERM $!
wait $!
echo "status $?"
part user
chmod 666 /dev/kvm
mkdir mine
chown 1000 mine
chmod -R go+rX .
./files as 1000 ./linux run -- sh -c 'id -u; stat -c "%u" mine; echo x >mine/new
	stat -c "%u" mine/new; touch /bin/new /new && echo "may write"'
ls mine
./files as 1000 ./linux run --rw -- sh -c 'echo x >mine/new'
stat -c "on the host: %u" mine/new
part groups
./files groups 100 ./linux run -- grep Groups: /proc/self/status
END

t 'command not found, command not executable'
part_has missing '^status 127$'
part_has missing '^err: linux: run: not-there: No such file or directory$'
part_has denied '^status 126$'
part_has denied '^err: linux: run: \./text: Permission denied$'
t 'command killed by a signal'
part_has killed '^status 137$'
part_has killed '^out: before$'
part_lacks killed '^err:'
t 'panic'
part_has panic '^status 240$'
part_has panic '^err: linux: ended: panic: sysrq triggered crash'
[ "$(part panic | grep '^out:')" = 'out: before' ] || fail 'more on stdout'
t 'SIGTERM to linux run'
part_has term '^status 143$'
t 'an ordinary user keeps number and files'
[ "$(part user | head -n 3 | tr '\n' ' ')" = '1000 1000 1000 ' ] ||
	fail "$(part user)"
part_has user '/bin/new: Permission denied$'
part_lacks user '^may write$'
part_has user '^on the host: 1000$'
t 'the groups of root, more than anybody has'
part_has groups "^Groups:.$(seq -s ' ' 1001 1100) \$"
