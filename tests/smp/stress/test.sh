#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# Everything that goes wrong between CPUs, at once: 4 vCPUs, then 8, on one CPU
# of the bed, which takes turns between them at any instruction.  STRESS_SECONDS
# says how long each takes, STRESS_CPUS what the 8 have in the bed.
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

stress 4
stress 8 --smp "${STRESS_CPUS:-1}" --turns
