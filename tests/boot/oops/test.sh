#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# Mistakes of the kernel: each is caught by the CPU's protection, is reported
# with the function's name in a stack trace, kills only the process that made
# it, and the kernel goes on; or panics, where it happened in an interrupt.
. "${0%/*}/../../lib.sh"

guest_module "$T/module"

cat >"$W/oops" <<'END'
insmod /umkvm/boot_oops.ko
dmesg -n 1
for what in null wild jump data text rodata user divide bug warn ud; do
	echo "<$what>"
	grep -qw smap /proc/cpuinfo || echo 'no smap'
	dmesg -c >/dev/null
	sh -c "printf $what >/proc/boot_oops"
	echo "ended $?"
	dmesg
done
echo '<after>'
cat /proc/sys/kernel/tainted
uname -s
END
guest_file "$W/oops"
guest_cmd '. /umkvm/oops 2>&1' --timeout 90
cp "$W/out" "$W/all"

trace='boot_oops_here\+0x[0-9a-f]+/0x[0-9a-f]+ \[boot_oops\]'
sees null 'a write near address 0' 'NULL pointer dereference.*0*8$' \
	'[Oo]ops' 'RIP: .*write_null' "$trace" 'RSP:' 'CR2: 0*8' 'Comm: sh' '^ended 137'
sees wild 'a read of a non-canonical address' \
	'fault, probably for non-canonical address 0xdead000000000100: 0000' \
	'RIP: .*wild_read' "$trace"
sees jump 'a call of address 0' 'NULL pointer dereference' "$trace"
sees data 'data cannot be executed' 'NX-protected|[Ee]xecute' "$trace"
sees text 'kernel text cannot be written' 'RIP: .*write_text' "$trace"
sees rodata 'constants of a module cannot be written' \
	'RIP: .*write_rodata' "$trace"
sees divide 'division by 0' 'divide error' 'RIP: .*divide' "$trace"
sees bug 'BUG()' 'kernel BUG at .*boot_oops.c:[0-9]+!' 'RIP: .*boot_bug' "$trace"
sees warn 'WARN() goes on' 'WARNING: .*boot_oops.c:[0-9]+' 'boot_oops warns 2' \
	"$trace" '^ended 0$'
sees ud 'an invalid instruction' 'invalid opcode' 'RIP: .*invalid' "$trace"
sees user 'user memory is out of reach (SMAP), or the CPU has no SMAP' \
	'RIP: .*touch_user|^no smap'

t 'the kernel goes on'
sed -n '/^<after>/,$p' "$W/all" >"$W/out"
expect_out '^Linux$'
t 'no process but the guilty one ended'
[ "$(grep -c '^ended 13[79]' "$W/all")" -ge 10 ] || fail "$(grep '^ended' "$W/all")"

t 'overflow of the stack hits its guard page'
guest_cmd 'insmod /umkvm/boot_oops.ko; printf stack >/proc/boot_oops; exit 3'
[ "$status" = 3 ] || expect_status 240
expect_out 'stack guard page was hit'
expect_out 'RIP: .*recurse'
expect_out 'recurse\+0x'

t 'a mistake in an interrupt is a panic'
guest_cmd 'insmod /umkvm/boot_oops.ko; printf interrupt >/proc/boot_oops; sleep 10'
expect_status 240
expect_err '^linux: ended: panic: Fatal exception in interrupt'
expect_out 'write_null'

t 'oops=panic'
guest_cmd 'insmod /umkvm/boot_oops.ko; printf null >/proc/boot_oops; sleep 10' -- oops=panic
expect_status 240
expect_err '^linux: ended: panic: Fatal exception'

t 'panic() of a module, with its trace'
guest_cmd 'insmod /umkvm/boot_oops.ko; printf panic >/proc/boot_oops'
expect_status 240
expect_err '^linux: ended: panic: boot_oops panics$'
expect_out 'boot_oops_here\+0x'
