#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# Power off, reboot and panic from each CPU, while the others are busy: the
# status is as with one CPU, and the process ends.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

cpus=4

# The guest does what the kernel's command line says
# shellcheck disable=SC2016 # it is for the guest to expand
guest_initrd 'for word in $(cat /proc/cmdline); do
	case $word in
	do=*) action=${word#do=} ;;
	from=*) cpu=${word#from=} ;;
	esac
done
for other in $(seq 0 $(($(nproc) - 1))); do
	taskset -c $other sh -c "while :; do :; done" &
done
echo "$(nproc) CPUs"
case $action in
off)	echo $((70 + cpu)) >/proc/exitcode
	taskset -c $cpu poweroff -f ;;
halt)	taskset -c $cpu halt -f ;;
reboot)	taskset -c $cpu reboot -f ;;
panic)	taskset -c $cpu sh -c "echo c >/proc/sysrq-trigger" ;;
esac
sleep 1000'

# One line "ACTION CPU STATUS" a boot, behind what it printed
smp_script --timeout 350 -- "initrd=$initrd" <<END
for action in off halt reboot panic; do
	for cpu in $(seq -s ' ' 0 $((cpus - 1))); do
		timeout -s QUIT -k 10 40 "\$@" con0=null,fd:1 quiet noreboot \\
			ncpus=$cpus do=\$action from=\$cpu </dev/null 2>&1
		echo "result: \$action \$cpu \$?"
	done
done
END

ends()		# ACTION CPU STATUS
{
	t "$1 from CPU $2 ends with $3"
	expect_out "^result: $1 $2 $3\$"
}

for ((cpu = 0; cpu < cpus; cpu++)); do
	ends off $cpu $((70 + cpu))
	ends halt $cpu 0
	ends reboot $cpu 245
	ends panic $cpu 240
done
t 'all CPUs were there, each time'
expected 'not in each boot' [ "$(grep -cax "$cpus CPUs" "$W/out")" -eq $((4 * cpus)) ]
t 'no complaint but the panics'
expect_no_out "WARNING|\bstall|lockup"
