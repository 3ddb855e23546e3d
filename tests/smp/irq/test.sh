#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# Interrupts of devices go where they are told to, also when their CPU goes off
# line, and every CPU can be asked where it is.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

# The console's output interrupt: one for each write
smp_cmd 'irq=$(sed -n "s/^ *\([0-9]*\):.*output$/\1/p" /proc/interrupts | head -n 1)
on() { sed -n "s/^ *$irq: *//p" /proc/interrupts | awk "{ print \$(1 + $1) }"; }
say() { for i in $(seq 20); do echo "line $i of 20"; done; }
for cpu in 1 2 0; do
	echo $((1 << cpu)) >/proc/irq/$irq/smp_affinity
	echo "effective $cpu: $(cat /proc/irq/$irq/effective_affinity_list)"
	before=$(on $cpu)
	say
	echo "more on $cpu: $(($(on $cpu) - before > 3))"
done
echo 2 >/proc/irq/$irq/smp_affinity
echo 0 >/sys/devices/system/cpu/cpu1/online
echo "moved to: $(cat /proc/irq/$irq/effective_affinity_list)"
say
echo 1 >/sys/devices/system/cpu/cpu1/online
sh -c "while :; do :; done" & busy=$!
taskset -p 4 $busy >/dev/null
sleep 1
echo l >/proc/sysrq-trigger
dmesg -c | grep "backtrace for cpu"
kill $busy' -- ncpus=3

t 'an interrupt follows its affinity'
expect_status 0
for cpu in 0 1 2; do
	expect_out "^effective $cpu: $cpu\$"
	expect_out "^more on $cpu: 1\$"
done

t 'it leaves a CPU that goes off line'
expect_out '^moved to: [02]$'
expected 'lines are lost' [ "$(grep -c '^line 20 of 20' "$W/out")" = 4 ]

t 'sysrq-l shows all CPUs'
for cpu in 0 1 2; do
	expect_out "^NMI backtrace for cpu $cpu"
done

t 'no complaint'
smp_log
