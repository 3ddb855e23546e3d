#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# intel
# The shim against bare guests: each is a line "TEXT|STATUS|stderr|stdout|ARGS",
# the two in the middle regular expressions, empty for "says nothing there".
# All of them run in one go, because a test bed costs more than a guest.
. "${0%/*}/../../lib.sh"

need "$O/linux"
G=$W/guests
make -s -C "$T" O="$G" || fail "the bare guests do not build"
cp "$O/linux" "$G/shim"
printf archive >"$G/one"
printf 'second\n' >"$G/two"

cases=$(sed 's/^[[:blank:]]*//; /^$/d' <<'EOF'
	boots and ends with its code|7||hello from a bare guest|--kernel hello
	initrds are joined on 4 bytes|7||^archive..?second|--kernel hello initrd=one,two
	the command line arrives|7||console=hvc0 a="b c" x$|--kernel hello "a=b c" x
	32 MiB are enough|7||mem len 0x0000000002000000|--kernel hello mem=32M
	memory past 3 GiB lies above the hole|7||mem start 0x0000000100000000|--kernel hello mem=4G
	too small: says what is needed|125|^linux: mem=1024K: too small; the kernel needs at least mem=3M||--kernel hello mem=1M
	another ABI version|125|^linux: .*ABI version 999, this program||--kernel other-version
	panic: message without escapes|240|^linux: ended: panic: no  \[2J way on||--kernel abuse abuse=panic
	halt|0|||--kernel abuse abuse=halt
	reboot refused|245|^linux: ended: reboot||--kernel abuse abuse=restart noreboot
	triple fault|241|^linux: ended: triple fault||--kernel abuse abuse=triple-fault
	version rejected by the kernel|125|^linux: ended: version||--kernel abuse abuse=version
	unknown kind of end|243|protocol: call stop: unknown kind||--kernel abuse abuse=stop-kind
	exit code out of range|243|protocol: call stop: exit code 0x100||--kernel abuse abuse=stop-code
	panic message outside RAM|243|protocol: .*not in RAM .vCPU 0 at rip||--kernel abuse abuse=panic-wild
	panic message too long|243|protocol: call stop: message||--kernel abuse abuse=panic-long
	wild address|243|protocol: .*0xd0000000.* not in RAM||--kernel abuse abuse=wild
	address that wraps|243|protocol: .*not in RAM||--kernel abuse abuse=wrap
	range that ends in the hole|243|protocol: .*not in RAM||--kernel abuse abuse=straddle mem=4G
	console write too long|243|protocol: call console write: length||--kernel abuse abuse=long
	unknown call|243|protocol: call 99: unknown||--kernel abuse abuse=unknown
	call 0|243|protocol: call 0: unknown||--kernel abuse abuse=zero
	device that does not exist|243|protocol: virtio call for device||--kernel abuse abuse=device
	queues outside RAM|243|protocol: call virtio start||--kernel abuse abuse=queues-wild
	access where no RAM is|243|protocol: [a-z]+ of . bytes at gpa 0xd||--kernel abuse abuse=mmio
	foreign ports read ones and swallow writes|0||ports are quiet|--kernel abuse abuse=ports
	ring: index jumps|0|queue 1: the available index jumped|after the reset|--kernel rings ring=index
	ring: head too large|0|queue 1: a descriptor index|after the reset|--kernel rings ring=head
	ring: chain in a circle|0|queue 1: .*circle|after the reset|--kernel rings ring=loop
	ring: next too large|0|queue 1: a descriptor index|after the reset|--kernel rings ring=next
	ring: buffer in the hole|0|queue 1: a buffer is not in RAM|after the reset|--kernel rings ring=address
	ring: buffer that wraps|0|queue 1: a buffer is not in RAM|after the reset|--kernel rings ring=wrap
	ring: buffers out of order|0|queue 1: .*follows|after the reset|--kernel rings ring=order
	ring: broken indirect table|0|queue 1: a broken indirect|after the reset|--kernel rings ring=indirect
	ring: nested indirect table|0|queue 1: an indirect table where|after the reset|--kernel rings ring=nested
	ring: indirect table in the hole|0|queue 1: an indirect table is not|after the reset|--kernel rings ring=table
	watchdog: a kernel that never calls|244|^linux: ended: watchdog: no sign of life for 1 seconds|spinning|--kernel abuse abuse=spin --watchdog 1
	watchdog: one that calls too late|244|^linux: ended: watchdog: no sign of life for 1 seconds|spinning|--kernel abuse abuse=late
	watchdog: set, stopped, set to nonsense|0|||--kernel abuse abuse=watchdog
	vmcoreinfo outside RAM|243|protocol: call vmcoreinfo: gpa 0xd0000000, length 0x8 is not||--kernel abuse abuse=vmcoreinfo
	dump of a guest without vmcoreinfo|241|^linux: --dump: core is written||--kernel abuse abuse=triple-fault --dump core
	vCPUs start, park and start again|0||all vCPUs came and went|--kernel cpus ncpus=4
	as many vCPUs as there can be|0||all vCPUs came and went|--kernel cpus ncpus=64
	a vCPU that runs is started|243|protocol: call cpu start: vCPU 1 runs already .vCPU 0 at rip||--kernel abuse abuse=start-twice ncpus=2
	a vCPU that starts itself|243|protocol: call cpu start: vCPU 0 runs already||--kernel abuse abuse=start-self ncpus=2
	a vCPU that does not exist|243|protocol: call cpu start: there is no vCPU 0x2||--kernel abuse abuse=start-nobody ncpus=2
	a vCPU at a wild address|243|protocol: call cpu start: rip 0x8000000000000000||--kernel abuse abuse=start-wild ncpus=2
	a vCPU with page tables outside RAM|243|protocol: call cpu start: cr3 0xd0000000 is no page||--kernel abuse abuse=start-cr3 ncpus=2
	a vCPU where nothing is mapped|241|^linux: ended: triple fault: vCPU 1||--kernel abuse abuse=start-unmapped ncpus=2
	the last vCPU parks itself|243|protocol: call cpu park: no other vCPU runs||--kernel abuse abuse=park-last ncpus=2
	registers of vCPUs, running and parked, on SIGQUIT|143|vCPU 1: parked|vCPU 2 runs|--kernel cpus ncpus=3 leave
	console: input and ^D|0||some text|--kernel console
	console: stream and its end|0||port 1 not open|--kernel console port=1
	console: stream only|0||some text|--kernel console con0=null,fd:1 port=1
	endless calls end by SIGTERM|143|^linux: ended: signal: SIGTERM||--kernel abuse abuse=calls
	endless loop ends by SIGINT|130|^linux: ended: signal: SIGINT||--kernel abuse abuse=spin
	endless loop ends by SIGHUP|129|^linux: ended: signal: SIGHUP||--kernel abuse abuse=spin
	endless reboots end by SIGTERM|143|^linux: ended: signal: SIGTERM||--kernel abuse abuse=restart
EOF
)

# A vCPU that is started again after it was parked stops the whole machine there
# (caveats.rst), and all later cases with it
case $UMKVM_WHERE in
record|replay) cases=$(grep -v 'ncpus=' <<<"$cases") ;;
esac

# The script that runs where the shim runs: results as N.status, N.out, N.err,
# each printed when it is there, so that a guest that hangs takes no others along
# shellcheck disable=SC2016 # it is for the other shell to expand
{
	echo 'cd "${0%/*}"'
	number=0
	while IFS='|' read -r text _ _ _ args; do
		number=$((number + 1))
		case $text in
		*SIGQUIT)
			echo "./shim $args >$number.out 2>$number.err & pid=\$!"
			echo "sleep 1; kill -QUIT \$pid; sleep 1"
			echo "kill -TERM \$pid; wait \$pid" ;;
		*SIG*)	signal=${text##*SIG}
			echo "./shim $args >$number.out 2>$number.err & pid=\$!"
			echo "sleep 1; kill -$signal \$pid; wait \$pid" ;;
		*)	echo "echo some text | ./shim $args >$number.out 2>$number.err" ;;
		esac
		echo "echo \$? >$number.status"
		echo "for f in $number.*; do echo \"== \$f\"; cat \$f; echo; done"
	done <<<"$cases"
} >"$G/all.sh"

files=()
for file in "$G"/*; do
	files+=(--file "$file")
done
run_host --timeout 200 "${files[@]}" -- sh "$G/all.sh"
[ "$UMKVM_WHERE" != record ] || exit 0

mkdir -p "$W/results"
awk -v dir="$W/results/" '/^== /{ f = dir $2; printf "" >f; next } { print >f }' "$W/out"

says()	# TEXT REGEX FILE
{
	if [ "$2" ]; then
		grep -qaE -- "$2" "$3" || fail "no '$2' on $1: $(head -c 300 "$3")"
	elif [ "$1" = stderr ] && grep -qa . "$3"; then
		fail "$1 is not empty: $(head -c 300 "$3")"
	fi
}

number=0
while IFS='|' read -r text code err out _; do
	number=$((number + 1))
	t "$text"
	result=$W/results/$number
	if [ ! -e "$result.status" ]; then
		fail "it did not run: $(tail -n 3 "$W/err")"
		continue
	fi
	[ "$(head -n 1 "$result.status")" = "$code" ] ||
		fail "status $(head -n 1 "$result.status"), expected $code: $(head -c 300 "$result.err")"
	says stderr "$err" "$result.err"
	says stdout "$out" "$result.out"
done <<<"$cases"
