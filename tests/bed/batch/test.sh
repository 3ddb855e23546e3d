#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The script with which many runs share one boot, here on the AMD bed.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../intel-batch.sh"
UMKVM_WHERE=bed INTEL_SLOWER=1
cd "$W"
echo input >input

add()	# ID LIMIT COMMAND...
{
	mkdir -p "runs/$1"
	pwd >"runs/$1/cwd"
	echo "$2" >"runs/$1/limit"
	cp input "runs/$1/stdin"
	printf '%s\0' "${@:3}" >"runs/$1/cmd"
	files+=(--file "runs/$1/stdin")
}

files=()
add hello 10 sh -c 'cat; echo "$1" >&2; exit 7' sh 'a "b"'
add hang 1 sh -c 'sleep 1000 & exec sleep 1000'
add after 10 pidof sleep
intel_script "$W"/runs/{hello,hang,after} >script
run_host "${files[@]}" -- sh "$W/script"
gzip -dc <out | tar -x -i -f - -C runs

result_is()	# ID STATUS STDOUT
{
	[ "$(cat "runs/$1/status")" = "$2" ] || fail "status $(cat "runs/$1/status")"
	[ "$(cat "runs/$1/out")" = "$3" ] || fail "stdout: $(cat "runs/$1/out")"
}

t 'streams and status'
result_is hello 7 input
expected 'stderr' [ "$(cat runs/hello/err)" = 'a "b"' ]

t 'a time-out'
result_is hang 124 ''

t 'a run that hung leaves nothing behind'
result_is after 1 ''
