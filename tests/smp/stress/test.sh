#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# Everything that goes wrong between CPUs, at once: 4 vCPUs, then 8 vCPUs on two
# CPUs of the host.  STRESS_SECONDS says how long each of them takes.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../smp.sh"

seconds=${STRESS_SECONDS:-20}
smp_build
guest_file "$S/stress"

stress()	# CPUS BED-OPTION...
{
	t "$1 vCPUs, $seconds seconds"
	smp_cmd "nproc; /umkvm/stress $seconds 4" "${@:2}" \
		--timeout $((seconds + 240)) -- "ncpus=$1"
	grep -a 'operations$' "$W/out" | sed 's/^/# /' || true
	expect_status 0
	expect_out "^$1\$"
	expect_out '^stress: ok$'
	smp_log
}

stress 4 --smp 4 --multi
stress 8 --smp 2 --multi
