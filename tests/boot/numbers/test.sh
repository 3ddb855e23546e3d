#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# The numbers of Documentation/specification.rst that a boot shows: exits up to
# the first program, sizes, memory.  KVM's own trace tells each exit with its
# reason, and the first program begins with a CPUID of a leaf that nobody else
# asks for (boot/init.c): all before it is the boot, exactly.  With --icount, so
# that the figures repeat and no tick of a slow host comes in between.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../boot.sh"

need "$O/linux" "$O/vmlinux" "$O/rootfs.cpio"
page=$TESTS/../Documentation/specification.rst

limit()		# KEY: from a line "* KEY: NUMBER"
{
	local value
	value=$(sed -n "s/^\* $1: *\([0-9]*\).*/\1/p" "$page" | head -n 1)
	[ "$value" ] || fail "specification.rst has no line '* $1: NUMBER'"
	echo "${value:-0}"
}

at_most()	# KEY VALUE
{
	local max
	max=$(limit "$1")
	echo "# $1: $2 of $max"
	[ "$2" -le "$max" ] || fail "$2, the limit is $max"
}

boot_init
mkdir -p "$W/top/umkvm"
cp "$W/init" "$W/top/umkvm/"
(cd "$W/top" && find umkvm | cpio -o -H newc -R 0:0 --quiet) >"$W/top.cpio"
cat >"$W/trace.sh" <<'END'
trace=/sys/kernel/tracing
mount -t tracefs tracefs $trace
echo 40000 >$trace/buffer_size_kb
for event in exit msr cpuid userspace_exit; do
	echo 1 >$trace/events/kvm/kvm_$event/enable
done
"$@"
status=$?
cat $trace/trace
exit $status
END

case $UMKVM_WHERE in
record|replay) skip "needs --icount and KVM's trace" ;;
esac
t 'the boot is traced'
run_host --icount --timeout 120 --file "$W/trace.sh" -- sh "$W/trace.sh" \
	"$O/linux" "initrd=$O/rootfs.cpio,$W/top.cpio" \
	rdinit=/umkvm/init quiet --stats
expect_status 0
expect_out 'kvm_cpuid: func 4b4d5655 '

# Timer interrupts are the external and window exits, and the end of each; a
# re-arm is a write of the deadline.  What is left is the kernel's choice.
awk '
	/kvm_cpuid: func 4b4d5655 / { exit }
	/kvm_exit:/ {
		n = split($0, word)
		for (i = 1; i < n; i++) {
			if (word[i] == "reason") reason = word[i + 1]
			if (word[i] == "rip") rip = word[i + 1]
		}
		kind = reason
		if (reason == "npf" || reason == "EPT_VIOLATION")
			kind = "nested-page-fault"
		if (reason ~ /^(interrupt|vintr|EXTERNAL_INTERRUPT|INTERRUPT_WINDOW)$/)
			kind = "timer"
		if (reason == "msr" || reason ~ /^MSR_/) {
			msr = rip	# told by the next line
			next
		}
		count[kind]++
		at[kind " " rip]++
	}
	/kvm_msr:/ {
		for (i = 1; i < NF; i++)
			if ($i ~ /^msr_(read|write)$/) number = $(i + 1)
		kind = "msr"
		if (number == "6e0" || number == "80b")
			kind = "timer"
		count[kind]++
		at[kind "-" number " " msr]++
	}
	/kvm_userspace_exit:/ { count["shim"]++ }
	END {
		for (kind in count) print kind, count[kind]
		for (kind in at) print "at", kind, at[kind]
	}' "$W/out" >"$W/exits"

total=0 shim=0
while read -r kind count; do
	echo "# $kind: $count"
	case $kind in
	shim) shim=$count ;;
	timer|nested-page-fault) ;;
	*) total=$((total + count)) ;;
	esac
done < <(grep -v '^at ' "$W/exits" | sort)

t 'exits from the first instruction to init'
at_most boot-exits "$total"
[ "$total" -gt 10 ] || fail "only $total: the trace is not understood"
t 'exits to the shim from the first instruction to init'
at_most boot-shim-exits "$shim"
[ "$shim" -gt 0 ] || fail "none: the trace is not understood"

bytes()		# VMLINUX: what its segments take in the file
{
	local size sum=0
	while read -r size; do
		sum=$((sum + size))
	done < <(readelf -lW "$1" | awk '$1 == "LOAD" { print $5 }')
	echo "$sum"
}

t 'size of the kernel'
config=$O/kernel/.config
if grep -qs '^CONFIG_CC_IS_CLANG=y' "$config"; then
	skip 'the numbers are those of a kernel by gcc'
elif grep -qs '^CONFIG_MODULES=y' "$config"; then
	at_most kernel-bytes "$(bytes "$O/vmlinux")"
else
	at_most tiny-kernel-bytes "$(bytes "$O/vmlinux")"
fi

t "the shim's own memory"
cat >"$W/memory.sh" <<'EOF'
cd /tmp
"$@" >out 2>err &
pid=$!
tries=0
until grep -q asleep out || [ $((tries += 1)) -gt 300 ]; do sleep 0.1; done
awk '/^[0-9a-f]+-/ { guest = /memfd:/ } /^Pss:/ && !guest { sum += $2 }
	END { print "own", sum }' /proc/$pid/smaps
kill $pid
wait $pid
EOF
run_host --timeout 60 --file "$W/memory.sh" -- sh "$W/memory.sh" \
	"$O/linux" "initrd=$W/init.cpio" do=sleep quiet
expect_status 143
own=$(sed -n 's/^own //p' "$W/out")
at_most shim-pss-kb "${own:-999999}"

t 'the smallest memory boots to a shell'
min=$(sed -n 's/^\* min-mem: *\([0-9]*[KMG]\).*/\1/p' "$page")
[ "$min" ] || fail "specification.rst has no line '* min-mem: SIZE'"
guest_cmd 'grep MemTotal /proc/meminfo; exit 3' -- "mem=${min:-32M}"
expect_status 3
expect_out '^MemTotal:'
