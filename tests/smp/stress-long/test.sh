#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1200
# long
# smp/stress for five minutes each, the 8 vCPUs on two CPUs of the bed.
STRESS_SECONDS=${STRESS_SECONDS:-300} STRESS_CPUS=${STRESS_CPUS:-2}
. "${0%/*}/../stress/test.sh"
