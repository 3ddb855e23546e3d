#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# "linux run" on a terminal: it is the command's, with its size and its keys, and
# after the end it is as it was.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../program.sh"

command -v script >/dev/null || skip "script (bsdutils) is not installed"
need "$O/linux"
where
case $UMKVM_WHERE in
record|replay) skip "needs a live machine" ;;
esac
dir_server
mkdir -p "$W/run"
cp "$O/linux" "$W/run"
# Without echo: the terminal writes "^C" when the signal is sent, so anywhere in or
# after the line that the handler writes
cat >"$W/run/tty.sh" <<'END'
cd "${0%/*}"
./linux run -- sh -c '
	tty; stty size; stty -echo; trap "echo interrupted" INT; echo ready
	until read -r word; do :; done
	echo "got $word"; echo aside >&2; exit 3' 2>err
echo "status $?, $(cat err)"
echo "$(stty -a | tr ' ;' '\n\n' | grep -xE -- '-?(isig|echo|opost)' | tr '\n' ' ')"
./linux run -- sh -c 'tty; echo piped' | sed 's/^/out: /'
END
await()	# REGEX
{
	local tries
	for ((tries = 0; tries < 900; tries++)); do
		! grep -qa "$1" "$W/typescript" 2>/dev/null || break
		sleep 0.1
	done
}

full_command --timeout "$((100 * ${TIMEOUT_SCALE:-1}))" "${programs[@]}" \
	--file "$W/run/linux" --file "$W/run/tty.sh" -- sh "$W/run/tty.sh"

{
	await '^ready'
	printf '\003'
	await 'interrupted'
	printf 'a word\r'
	await '^out: piped'
} | timeout "$((100 * ${TIMEOUT_SCALE:-1}))" script -qefc \
	"stty rows 33 cols 99; ${command[*]@Q}" "$W/typescript" >/dev/null 2>&1 || true
tr -d '\r' <"$W/typescript" >"$W/out"
: >"$W/err"

t 'the terminal and its size'
expect_out '^/dev/hvc0$'
expect_out '^33 99$'
t 'keys, with their signals'
expect_out 'interrupted$'
expect_out '^got a word$'
t 'the status, and standard error in a file'
expect_out '^status 3, aside$'
t 'the terminal is as it was'
expect_out 'opost isig echo'
expect_no_out ' -(opost|isig|echo)'
t 'output in a pipe: the terminal stays with the caller'
expect_out '^out: not a tty$'
expect_out '^out: piped$'
