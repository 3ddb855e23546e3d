#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# Each offer of KVM: used where it is there, done without where it is not or
# where a word on the command line says so.  All boots happen in one bed.
. "${0%/*}/../../lib.sh"
need "$O/linux" "$O/rootfs.cpio"

# NAME IN THE LOG|NAME FOR --hide-kvm|WORD THAT TURNS IT OFF.  Each boot lacks two,
# the Nth because it is hidden, the one four lines on because of its word.
mapfile -t offers <<'EOT'
steal time|steal-time|no-steal-acc
end of interrupt|pv-eoi|no-kvm-eoi
async page faults|async-pf|no-kvmapf
host poll control|poll-control|no-kvm-poll
spinlocks|pv-unhalt|nopvspin
IPIs|pv-ipi|no-kvm-ipi
TLB flush|pv-tlb-flush|no-kvm-tlb
yield|sched-yield|no-kvm-yield
EOT

offer()		# N: sets name, hide and word
{
	IFS='|' read -r name hide word <<<"${offers[$1 % ${#offers[@]}]}"
}

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
	for n in "${!offers[@]}"; do
		offer "$n"
		hidden=$hide
		offer $((n + 4))
		echo "without-$n --hide-kvm=$hidden $word"
	done
)
{
	while read -r boot args; do
		echo "timeout -s QUIT -k 2 60 $O/linux initrd=$initrd ncpus=3 \
con0=null,fd:1 quiet $args >/tmp/$boot 2>&1 </dev/null"
		echo "echo \"== $boot \$?\"; cat /tmp/$boot"
	done <<<"$boots"
} >"$W/all.sh"
run_host --timeout 280 --file "$O/linux" --file "$O/rootfs.cpio" \
	--file "${initrd#*,}" -- sh "$W/all.sh"

log()		# BOOT: prints what it printed, its status first
{
	awk -v boot="$1" '/^== /{ on = $2 == boot; if (on) print "status " $3; next } on' "$W/out"
}

says()		# BOOT REGEX...: this boot ended well and said each of them
{
	local boot=$1 text
	shift
	for text in '^status 0$' '^online 0-2$' "$@"; do
		grep -qE -- "$text" < <(log "$boot") ||
			{ log "$boot" | tail -n 20 | sed 's/^/# /'; fail "no '$text'"; }
	done
}

t 'all that is offered is used'
for n in "${!offers[@]}"; do
	offer "$n"
	says plain "^kvm: $name: used$"
done

t 'nothing is offered but the clock'
for n in "${!offers[@]}"; do
	offer "$n"
	says all-hidden "^kvm: $name: not offered$"
done

t 'a clock that differs from CPU to CPU stays out of the vDSO'
says no-hidden-clock '^kvm-clock: not stable$'

t 'polling before HLT'
says polling '^kvm: halt polling in the guest$'

for n in "${!offers[@]}"; do
	offer "$n"
	t "$name: not offered"
	says "without-$n" "^kvm: $name: not offered$"
	offer $((n + 4))
	t "$name: turned off by $word"
	says "without-$n" "^kvm: $name: off \\($word\\)$"
done

t 'what needs steal time does without it, hidden or off'
for n in 0 4; do
	says "without-$n" '^kvm: TLB flush: not usable without another$' \
		'^kvm: yield: not usable without another$'
done
