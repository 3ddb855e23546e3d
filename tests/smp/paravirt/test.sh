#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# Each offer of KVM: used where it is there, done without where it is not or
# where a word on the command line says so.  All boots happen in one bed.
. "${0%/*}/../../lib.sh"
need "$O/linux" "$O/rootfs.cpio"

# NAME IN THE LOG|NAME FOR --hide-kvm|WORD THAT TURNS IT OFF
offers=$(cat <<'EOT'
steal time|steal-time|no-steal-acc
end of interrupt|pv-eoi|no-kvm-eoi
async page faults|async-pf|no-kvmapf
host poll control|poll-control|no-kvm-poll
spinlocks|pv-unhalt|nopvspin
IPIs|pv-ipi|no-kvm-ipi
TLB flush|pv-tlb-flush|no-kvm-tlb
yield|sched-yield|no-kvm-yield
EOT
)

# In the guest: what the log says; then work for all CPUs, and each comes and goes
guest_initrd 'dmesg | grep "^kvm"
for i in 1 2 3 4; do (n=0; while [ $n -lt 25 ]; do n=$((n + 1)); true | cat; done) & done
wait
for c in 1 2; do
	echo 0 >/sys/devices/system/cpu/cpu$c/online
	echo 1 >/sys/devices/system/cpu/cpu$c/online
done
dmesg | grep -E "BUG|WARNING|Oops|stall|lockup"
echo online $(cat /sys/devices/system/cpu/online)'

boots=$(
	echo "plain"
	echo "all-hidden --hide-kvm=all"
	echo "polling cpuidle_haltpoll.force=1"
	echo "no-hidden-clock --hide-kvm=clock-stable"
	while IFS='|' read -r _ hide word; do
		echo "hidden-$hide --hide-kvm=$hide"
		echo "off-$word $word"
	done <<<"$offers"
)
{
	while read -r name args; do
		echo "timeout -s QUIT -k 2 60 $O/linux initrd=$initrd ncpus=3 \
con0=null,fd:1 quiet $args >/tmp/$name 2>&1 </dev/null"
		echo "echo \"== $name \$?\"; cat /tmp/$name"
	done <<<"$boots"
} >"$W/all.sh"
run_host --timeout 280 --file "$O/linux" --file "$O/rootfs.cpio" \
	--file "${initrd#*,}" -- sh "$W/all.sh"

log()		# NAME: prints what this boot printed, its status first
{
	awk -v name="$1" '/^== /{ on = $2 == name; if (on) print "status " $3; next } on' "$W/out"
}

says()		# NAME REGEX...: this boot ended well and said each of them
{
	local name=$1 text
	shift
	for text in '^status 0$' '^online 0-2$' "$@"; do
		grep -qE -- "$text" < <(log "$name") ||
			{ log "$name" | tail -n 20 | sed 's/^/# /'; fail "no '$text'"; }
	done
}

t 'all that is offered is used'
while IFS='|' read -r name _ _; do
	says plain "^kvm: $name: used$"
done <<<"$offers"

t 'nothing is offered but the clock'
while IFS='|' read -r name _ _; do
	says all-hidden "^kvm: $name: not offered$"
done <<<"$offers"

t 'a clock that differs from CPU to CPU stays out of the vDSO'
says no-hidden-clock '^kvm-clock: not stable$'

t 'polling before HLT'
says polling '^kvm: halt polling in the guest$'

while IFS='|' read -r name hide word; do
	t "$name: not offered"
	says "hidden-$hide" "^kvm: $name: not offered$"
	t "$name: turned off by $word"
	says "off-$word" "^kvm: $name: off \\($word\\)$"
done <<<"$offers"

t 'what needs steal time does without it'
for name in hidden-steal-time off-no-steal-acc; do
	says $name '^kvm: TLB flush: not usable without another$' \
		'^kvm: yield: not usable without another$'
done
