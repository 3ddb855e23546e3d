#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# long
# The kernel's own torture tests of locks, RCU and cross-CPU calls, as modules
# of a kernel that "make CONFIG=torture" builds; TORTURE_SECONDS for each.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

seconds=${TORTURE_SECONDS:-120}
built=$O/torture
for file in linux rootfs.cpio; do
	[ -e "$built/$file" ] ||
		skip "no $built/$file: make CONFIG=torture builds it"
done

# The modules say how they are with the levels of an alert: not on the console
torture()	# MODULE PARAMETER...
{
	t "$1 for $seconds seconds"
	guest_initrd "echo 1 >/proc/sys/kernel/printk
dmesg -c >/tmp/boot
modprobe $* && sleep $seconds
rmmod $1; echo \"rmmod: \$?\"
echo '== boot log'; cat /tmp/boot
echo '== log'; dmesg"
	run_host --timeout $((seconds + 120)) -- \
		"$built/linux" "initrd=$built/rootfs.cpio,${initrd#*,}" \
		con0=null,fd:1 quiet ncpus=4 log_buf_len=1M
	expect_status 0
	expect_out '^rmmod: 0$'
	expect_out -- '--- Start of test'
	expect_out -- '--- End of test: SUCCESS'
	# scftorture complains about a default of its own, as a module
	expect_no_out '!!! *([^b ]|$)'
	smp_log
}

# What the modules print names RCU and their own parameters, as stall_cpu=0
smp_bad_later="$smp_bad|rcu: INFO"
smp_fine='--- (Start|End) of test:'
torture locktorture stat_interval=15
torture rcutorture stat_interval=15
torture scftorture stat_interval=15
