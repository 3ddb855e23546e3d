#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# Operations of the kernel cost no more than they did: their instructions, and
# their exits, are held against ../baseline.  In the test bed's virtual time an
# instruction takes 2 ns, of the guest, of KVM and of the shim alike, so that the
# numbers repeat on any host; the same program on the bed's own Linux is shown
# beside them.  KVM's trace tells the exits; those of a run are between the two
# CPUIDs that bench.c makes.  What a run says now is left in $W/baseline.
. "${0%/*}/../../lib.sh"
. "$TESTS/bench/bench.sh"
need "$O/linux" "$O/rootfs.cpio"
baseline=$TESTS/bench/baseline

case $UMKVM_WHERE in
record|replay) skip "needs --icount and KVM's trace" ;;
esac

# Not traced: faults of nested paging, interrupts and the windows for them
cat >"$W/all.sh" <<'END'
kvm=/sys/kernel/tracing/events/kvm
bench=$1
shift
echo == native
$bench count || exit
mount -t tracefs tracefs /sys/kernel/tracing
echo 'exit_reason != 0x400 && exit_reason != 0x60 && exit_reason != 0x64' \
	>$kvm/kvm_exit/filter
for event in exit cpuid msr; do
	echo 1 >$kvm/kvm_$event/enable
done
echo == um-kvm
"$@" || exit
echo == trace
grep -v 'kvm_cpuid: func [^4]' /sys/kernel/tracing/trace
END

t 'all operations run'
bench_build
guest_initrd '/umkvm/bench count'
run_host --icount --timeout 180 "${bench_files[@]}" --file "$W/all.sh" -- \
	sh "$W/all.sh" "$O/bench/bench" "$O/linux" "initrd=$initrd" \
	mem=256M con0=null,fd:1 quiet
expect_status 0
expect_out 'kvm_cpuid: func 4b4d4201 '

awk -f "$T/counts.awk" "$W/out" >"$W/counts"

judge()		# OPERATION INSTRUCTIONS EXITS NATIVE
{
	local instructions='' exits=''
	read -r instructions exits < <(sed -n "s/^$1 //p" "$baseline") || :
	if [ "$instructions" = - ]; then
		t "$1"
		skip "$exits"
		return
	fi
	t "$1: $2 instructions of ${instructions:-none}, $3 exits of ${exits:-none}"
	echo "# $1: $(bc <<<"scale=2; $2 / $4") times native"
	[ "${exits:-}" ] || { fail "it is not in the baseline"; return; }
	[ "$(bc <<<"$2 <= $instructions * 1.03")" = 1 ] ||
		fail "$2 instructions, more than 3 % over $instructions"
	[ "$(bc <<<"$3 < $exits + 0.1")" = 1 ] || fail "$3 exits, were $exits"
	[ "$(bc <<<"$2 >= $instructions * 0.97")" = 1 ] ||
		echo "# less than before: the baseline can be lowered"
}

{
	sed -n '/^#/p' "$baseline"
	awk 'NR == FNR { if ($2 == "-") left_out[$1] = $0; next }
		{ print $1 in left_out ? left_out[$1] : $1 " " $2 " " $3 }' \
		"$baseline" "$W/counts"
} >"$W/baseline"
while read -r name instructions exits native; do
	judge "$name" "$instructions" "$exits" "$native"
done <"$W/counts"

t 'the baseline has no other operations'
report=$(grep -v '^#' "$baseline" | while read -r name _; do
	grep -q "^$name " "$W/counts" || echo "$name"
done)
[ ! "$report" ] || fail "not measured: $report"
