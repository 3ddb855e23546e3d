#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# CPUs that go off line and come back while all of them are busy.
# HOTPLUG_CYCLES says how often, HOTPLUG_CPUS with how many CPUs.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

cycles=${HOTPLUG_CYCLES:-3}
smp_build
guest_file "$S/stress"
guest_file "$T/../hotplug/cycle"

for cpus in ${HOTPLUG_CPUS:-2 4}; do
	t "$cpus vCPUs, $cycles cycles"
	smp_cmd "sh /umkvm/cycle $cpus $cycles" \
		--timeout $((200 + cycles * cpus * 8)) -- "ncpus=$cpus"
	expect_status 0
	expect_out '^cycle: ok$'
	smp_log
done
