# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What tests are written with; test.sh starts with
#	#!/bin/bash
#	. "${0%/*}/../../lib.sh"
#
# t TEXT                begins a result; the test then prints TAP.  Without it
#                       the test has one result, and ends at the first failure
# run_linux [OPTION]... -- ARG...
#                       runs the shim to its end, on this host's KVM or in the
#                       test bed; leaves $status, $W/out and $W/err.  OPTIONs
#                       are those of tests/bed/bed; standard input is passed on
# run_host [OPTION]... -- PROGRAM ARG...
#                       runs any program where the shim would run
# guest_cmd COMMAND [OPTION]... [-- ARG...]
#                       boots, runs the command line in the guest, same results
# guest_file FILE [NAME]
#                       adds a file to the guests of later guest_cmd calls
# guest_program PROGRAM [NAME]
#                       adds a program of this host and its libraries
# shared_make NAME WHAT ARG...
#                       "make ARG..." of what tests share: by one test at a time, and
#                       not with the jobs of a make around it; the log is $W/NAME.log
# guest_module DIR [KERNEL]
#                       builds the module of DIR for the kernel built in KERNEL
#                       ($O/kernel), in $W/module, and adds it as /umkvm/*.ko
# start_linux, start_host, wait_out REGEX [SECONDS], stop_linux SIGNAL, wait_linux
#                       the same in steps; the process is $pid
# expect_status N, expect_out REGEX, expect_err REGEX, expect_no_out REGEX,
# expect_no_err REGEX, expect_out_is TEXT
#                       judge the last run; a failure shows what it printed
# sees NAME TEXT REGEX...
#                       a result: of $W/all, what follows "<NAME>" at the begin of
#                       a line, up to the next such line, has each REGEX
# fail TEXT, skip REASON, need FILE...
#
# $O is the build directory, $W the test's own scratch directory, $T where
# test.sh is.  With "tests/run --intel" run_linux and guest_cmd are recorded in
# a first pass and all run in one boot; the second pass sees their results.
set -euo pipefail

TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
T=$(cd "$(dirname "$0")" && pwd)
O=$(mkdir -p "${O:-$TESTS/../build}" && cd "${O:-$TESTS/../build}" && pwd)
W=$O/tests/${UMKVM_TEST:-${T#"$TESTS"/}}
export O
[ "${UMKVM_WHERE:=}" = replay ] || rm -rf "$W"
mkdir -p "$W"

status='' pid='' result_nr=0 result_text='' result_ok=ok runs=0

# Where the shim runs: direct, bed, intel, record or replay.  A test that is
# about one of the beds sets it; else the shim is asked, once for all tests.
where()
{
	local cache=$O/tests/.where
	if [ -z "$UMKVM_WHERE" ]; then
		if [ "$cache" -nt "$O/linux" ]; then
			UMKVM_WHERE=$(cat "$cache")
		elif [ -c /dev/kvm ] && "$O/linux" --probe >"$W/probe" 2>&1; then
			UMKVM_WHERE=direct
		else
			UMKVM_WHERE=bed
		fi
		echo "$UMKVM_WHERE" >"$cache.$$"
		mv "$cache.$$" "$cache"
	fi
}

# Results --------------------------------------------------------------------

result_end()
{
	[ "$result_text" ] || return 0
	echo "$result_ok $result_nr - $result_text"
	result_text=
}

t()
{
	result_end
	result_nr=$((result_nr + 1)) result_text=$1 result_ok=ok
}

fail()
{
	[ "$UMKVM_WHERE" != record ] || return 0
	echo "# failed: $*"
	result_ok='not ok'
	[ "$result_text" ] || exit 1
}

skip()
{
	if [ "$result_text" ]; then
		result_text="$result_text # SKIP $*"
		result_end
	else
		echo "# SKIP $*"
		exit 77
	fi
}

need()
{
	local file
	for file in "$@"; do
		[ -e "$file" ] || skip "no $file: run make first"
	done
}

finish()
{
	local code=$?
	[ ! "$pid" ] || kill "$pid" 2>/dev/null || true
	if [ "$result_nr" -gt 0 ]; then
		[ "$code" -eq 0 ] || [ "$code" -eq 77 ] || result_ok='not ok'
		result_end
		echo "1..$result_nr"
	fi
	exit "$code"
}
trap finish EXIT

# Running --------------------------------------------------------------------

# Splits "OPTION... -- COMMAND..." into the arrays options and command
split()
{
	options=() command=()
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	command=("${@:2}")
}

# Of the bed's options only the time-out means something on a real host
direct_timeout()
{
	local i
	for ((i = 0; i < ${#options[@]}; i++)); do
		[ "${options[i]}" != --timeout ] || echo "${options[i + 1]}"
	done
}

# full_command OPTION... -- PROGRAM...: what runs it here, in the array command
full_command()
{
	local limit
	where
	split "$@"
	if [ "$UMKVM_WHERE" = direct ] && [[ " ${options[*]} " != *" --icount "* ]]; then
		limit=$(direct_timeout)
		[ ! "$limit" ] ||
			command=(timeout -s QUIT -k 3 "$limit" "${command[@]}")
	else
		[ "$UMKVM_WHERE" != intel ] || options+=(--intel)
		command=("$TESTS/bed/bed" "${options[@]}" -- "${command[@]}")
	fi
}

run_host()
{
	runs=$((runs + 1)) status=0
	case $UMKVM_WHERE in
	record|replay)
		. "$TESTS/bed/intel-batch.sh"
		"intel_$UMKVM_WHERE" "$@" ;;
	*)
		full_command "$@"
		"${command[@]}" >"$W/out" 2>"$W/err" || status=$? ;;
	esac
}

run_linux()
{
	need "$O/linux"
	split "$@"
	run_host "${options[@]}" -- "$O/linux" "${command[@]}"
}

guest_file()
{
	local name=${2:-/umkvm/${1##*/}}
	mkdir -p "$W/guest/${name%/*}"
	cp "$1" "$W/guest/$name"
}

guest_program()
{
	local library
	guest_file "$1" "${2:-/umkvm/${1##*/}}"
	while read -r library; do
		guest_file "$library" "$library"
	done < <(ldd "$1" | grep -o '/[^ ]*')
}

shared_make()
{
	local name=$1 what=$2
	(
		flock 9
		unset MAKEFLAGS MFLAGS MAKELEVEL
		make CROSS_COMPILE="${CROSS_COMPILE:-}" "${@:3}"
	) 9>"$O/.$name.lock" >"$W/$name.log" 2>&1 ||
		{ tail -n 20 "$W/$name.log"; fail "$what: not built"; }
}

guest_module()
{
	local kernel=${2:-$O/kernel} module words=()
	need "$kernel/Module.symvers"
	rm -rf "$W/module"
	cp -r "$1" "$W/module"
	! grep -q '^CONFIG_CC_IS_CLANG=y' "$kernel/.config" ||
		words=(LLVM=1 CLANG_TARGET_FLAGS_um-kvm=x86_64-linux-gnu)
	make -s -C "$kernel" ARCH=um-kvm CROSS_COMPILE="${CROSS_COMPILE:-}" \
		"${words[@]}" M="$W/module" modules >"$W/build.log" 2>&1 ||
		fail "the module does not build: $(tail -n 3 "$W/build.log")"
	for module in "$W"/module/*.ko; do
		guest_file "$module"
	done
}

# Sets initrd: the root file system, and over it the command and its files
guest_initrd()
{
	need "$O/rootfs.cpio"
	mkdir -p "$W/guest/umkvm"
	printf '%s\n' "$1" >"$W/guest/umkvm/cmd"
	echo 'STDIN=stream TERM=dumb' >"$W/guest/umkvm/env"
	(cd "$W/guest" && find . -mindepth 1 | sort |
		cpio -o -H newc -R 0:0 --quiet) >"$W/cmd$runs.cpio"
	initrd=$O/rootfs.cpio,$W/cmd$runs.cpio
}

guest_cmd()
{
	guest_initrd "$1"
	split "${@:2}"
	run_linux "${options[@]}" -- "initrd=$initrd" con0=null,fd:1 quiet \
		"${command[@]}"
}

# The last run's output goes first: the new process opens its own files only
# once it is scheduled, and for wait_out to find the old words until then means
# to signal a copy of this shell, which ignores SIGQUIT.
start_host()
{
	case $UMKVM_WHERE in
	record|replay) skip "needs a live machine" ;;
	esac
	full_command "$@"
	rm -f "$W/out" "$W/err"
	# With job control, or it would ignore SIGINT and SIGQUIT
	set -m
	"${command[@]}" >"$W/out" 2>"$W/err" &
	pid=$!
	set +m
}

start_linux()
{
	need "$O/linux"
	split "$@"
	start_host "${options[@]}" -- "$O/linux" "${command[@]}"
}

wait_out()
{
	local tries
	for ((tries = 0; tries < ${2:-30} * 10; tries++)); do
		! grep -qsaE -- "$1" "$W/out" "$W/err" || return 0
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	grep -qsaE -- "$1" "$W/out" "$W/err" || fail "no output like '$1'"
}

wait_linux()
{
	status=0
	wait "$pid" || status=$?
	pid=
}

stop_linux()
{
	kill -s "$1" "$pid"
	wait_linux
}

# Judging --------------------------------------------------------------------

show()
{
	echo "# status $status"
	tail -n 15 "$W/out" | sed 's/\r$//; s/^/#   out: /'
	tail -n 15 "$W/err" | sed 's/\r$//; s/^/#   err: /'
}

expected()	# TEXT COMMAND...: fails with TEXT unless the command succeeds
{
	local text=$1
	shift
	[ "$UMKVM_WHERE" = record ] || "$@" || { show; fail "$text"; }
}

lacks()
{
	! grep -qaE -- "$1" "$2"
}

expect_status()
{
	expected "status $status, expected $1" [ "$status" = "$1" ]
}

expect_out()
{
	expected "no '$1' on stdout" grep -qaE -- "$1" "$W/out"
}

expect_err()
{
	expected "no '$1' on stderr" grep -qaE -- "$1" "$W/err"
}

expect_no_out()
{
	expected "'$1' on stdout" lacks "$1" "$W/out"
}

expect_no_err()
{
	expected "'$1' on stderr" lacks "$1" "$W/err"
}

expect_out_is()
{
	printf '%s\n' "$1" >"$W/expected"
	expected "stdout differs from '$1'" cmp -s "$W/expected" "$W/out"
}

sees()
{
	local regex
	t "$1: $2"
	sed -n "/^<$1>/,/^</p" "$W/all" >"$W/out"
	for regex in "${@:3}"; do
		expect_out "$regex"
	done
}
