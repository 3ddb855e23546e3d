#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# NMIs come between any two instructions of programs and of the kernel, also where
# interrupts are off.  By them CPUs are asked where they are.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

smp_build
guest_file "$S/stress"
guest_module "$TESTS/smp/nmi/module"
guest_module "$TESTS/debug/hang"

t 'programs and the kernel go on as if there were none'
smp_cmd 'insmod /umkvm/nmi.ko
/umkvm/stress 15 4 || exit
rmmod nmi' --timeout 200 -- ncpus=4
expect_status 0
expect_out '^stress: ok$'
smp_log
# one that comes after the other was sent, and none for nothing
sent=$(sed -nE 's/^nmi: ([0-9]+) sent, ([0-9]+) with a fault, [1-9].*/\1 \2/p' "$W/out")
sent=${sent:-0 0}
echo "# sent, with a fault: $sent"
expected 'an NMI was lost' [ "${sent% *}" = "${sent#* }" ]
expected 'too few' [ "${sent% *}" -ge 100 ]
expect_no_out 'NMI without'

t 'each CPU says where it is, again and again'
smp_cmd 'sh -c "while :; do :; done" &
yes >/dev/null &
for n in 1 2 3 4 5; do echo l >/proc/sysrq-trigger; dmesg -c >>/tmp/asked; done
for cpu in 0 1 2 3; do
	echo "cpu $cpu: $(grep -c "backtrace for cpu $cpu" /tmp/asked)"
done
echo "in programs: $(grep -c "RIP: 0033:" /tmp/asked)"' --timeout 200 -- ncpus=4
expect_status 0
for cpu in 0 1 2 3; do
	expect_out "^cpu $cpu: 5\$"
done
expect_out '^in programs: [1-9]'
smp_log

t 'one that has interrupts off says where'
guest_initrd 'taskset 2 insmod /umkvm/hang.ko &
sleep 1
echo l >/proc/sysrq-trigger
dmesg | grep -A 3 "backtrace for cpu 1"
echo seen'
start_linux --timeout 100 -- "initrd=$initrd" con0=null,fd:1 quiet ncpus=2
wait_out '^seen' 60
stop_linux TERM
expect_status 143
expect_out 'RIP: 0010:hang_forever\+.* \[hang\]'
