#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# long
# Stress, CPUs that come and go, and power off under lockdep and its relatives,
# in a preemptible kernel that "make CONFIG=debug" builds; then stress in one
# that is not preemptible at all (CONFIG=none).
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

seconds=${STRESS_SECONDS:-60}
smp_build
guest_file "$S/stress"
guest_file "$T/../hotplug/cycle"

# other_kernel CONFIG COMMAND: as smp_cmd, with the build of this configuration
other_kernel()
{
	local built=$O/$1
	for file in linux rootfs.cpio; do
		[ -e "$built/$file" ] || {
			skip "no $built/$file: make CONFIG=$1 builds it"
			return 1
		}
	done
	guest_initrd "dmesg -c >/tmp/boot
($2)
status=\$?
grep -s . /proc/lockdep_stats
echo '== boot log'; cat /tmp/boot
echo '== log'; dmesg
exit \$status"
	run_host --timeout $((seconds + 400)) -- "$built/linux" \
		"initrd=$built/rootfs.cpio,${initrd#*,}" \
		con0=null,fd:1 quiet ncpus=4 mem=512M log_buf_len=1M
	expect_status 0
	smp_log
}

t "stress for $seconds seconds under lockdep"
if other_kernel debug "/umkvm/stress $seconds 4"; then
	expect_out '^stress: ok$'
	expect_out '^ *all direct dependencies: *[1-9]'
fi
t 'CPUs come and go under lockdep'
if other_kernel debug 'sh /umkvm/cycle 4 3'; then
	expect_out '^cycle: ok$'
fi
t "stress for $seconds seconds, not preemptible"
if other_kernel none "/umkvm/stress $seconds 4"; then
	expect_out '^stress: ok$'
fi
