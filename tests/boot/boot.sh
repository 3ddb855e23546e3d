# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the boot tests, after lib.sh: many short boots in one run of the test bed.
#
# boot_init             builds init.c as $W/init, and $W/init.cpio around it
# boot_cases FILE...    reads a table, one line a case:
#                           TEXT|STATUS|stderr|stdout|SHELL
#                       runs all SHELL where the shim runs, beside copies of
#                       the shim ("linux"), init.cpio and each FILE, and judges.
#                       The regular expressions are found in the output; empty:
#                       there is none; "*": anything.  A "+" in front of TEXT:
#                       the Intel bed runs it as well.
# SHELL, where "@" stands for "|", knows
#   boot WORD...        the shim with init.cpio, quiet, WORDs
#   start WORD...       the same in the background: $pid, with what it prints in
#                       files out and err, a FIFO "in" as its standard input
#   wait_for TEXT [N]   until that is N times in out or err (once)
#   finish              waits for it; prints out and err, ends with its status

boot_init()
{
	"${CROSS_COMPILE:-}gcc" -Os -Wall -Werror -static -nostdlib \
		-ffreestanding -fno-pie -no-pie -fno-stack-protector \
		-fno-asynchronous-unwind-tables -Wl,--build-id=none \
		-s -o "$W/init" "$TESTS/boot/init.c" ||
		fail "init.c does not build"
	(cd "$W" && echo init | cpio -o -H newc -R 0:0 --quiet) >"$W/init.cpio"
}

boot_script()	# writes $W/run/all.sh
{
	cat <<'END'
cd "${0%/*}"
linux() { ./linux "$@"; }
boot() { linux initrd=init.cpio quiet "$@"; }

start()
{
	rm -f in out err
	mkfifo in
	# Here, or wait_for might look before the other process has made them
	: >out
	: >err
	# Opened here for both, or the shim would wait for a writer
	exec 3<>in
	./linux initrd=init.cpio quiet "$@" <in >out 2>err 3<&- &
	pid=$!
}

wait_for()
{
	tries=0
	while [ "$(cat out err | grep -c -e "$1")" -lt "${2:-1}" ]; do
		[ $tries -lt 400 ] && kill -0 $pid 2>/dev/null || return 1
		tries=$((tries + 1))
		sleep 0.1
	done
}

finish()
{
	wait $pid
	code=$?
	exec 3<&-
	cat out
	cat err >&2
	return $code
}
END
	local n=0 text snippet
	while IFS='|' read -r text _ _ _ snippet; do
		n=$((n + 1))
		printf '( %s\n) >%d.out 2>%d.err\necho $? >%d.status # %s\n' \
			"${snippet//@/|}" $n $n $n "$text"
		echo "for f in $n.*; do echo \"== \$f\"; cat \$f; echo; done"
	done <<<"$1"
}

says()	# NAME REGEX FILE
{
	case $2 in
	'*') ;;
	'') ! grep -qa . "$3" || fail "$1 is not empty: $(head -c 400 "$3")" ;;
	*) grep -qaE -- "$2" "$3" || fail "no '$2' on $1: $(head -c 400 "$3")" ;;
	esac
}

judge()	# TEXT STATUS stderr stdout RESULT
{
	local got
	t "$1"
	if [ ! -e "$5.status" ]; then
		fail "it did not end (status $status): $(tail -n 3 "$W/err")"
		return
	fi
	got=$(head -n 1 "$5.status")
	[ "$got" = "$2" ] || fail "status $got, expected $2: $(head -c 400 "$5.err")"
	says stderr "$3" "$5.err"
	says stdout "$4" "$5.out"
}

boot_cases()
{
	local cases file files=() n=0
	need "$O/linux"
	cases=$(sed 's/^[[:blank:]]*//; /^$/d')
	where
	case $UMKVM_WHERE in
	record|replay|intel) cases=$(grep '^+' <<<"$cases") ;;
	esac
	cases=$(sed 's/^+//' <<<"$cases")
	mkdir -p "$W/run"
	cp "$O/linux" "$W/init.cpio" "$@" "$W/run"
	boot_script "$cases" >"$W/run/all.sh"
	for file in "$W"/run/*; do
		files+=(--file "$file")
	done
	run_host --timeout "${LIMIT:-250}" "${files[@]}" -- sh "$W/run/all.sh"
	[ "$UMKVM_WHERE" != record ] || exit 0
	rm -rf "$W/results"
	mkdir "$W/results"
	awk -v dir="$W/results/" '/^== [0-9]+\.[a-z]+$/ { f = dir $2; printf "" >f; next }
		f { print >f }' "$W/out"
	while IFS='|' read -r text code err out _; do
		n=$((n + 1))
		judge "$text" "$code" "$err" "$out" "$W/results/$n"
	done <<<"$cases"
}
