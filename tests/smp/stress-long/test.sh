#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1200
# long
# smp/stress for five minutes each.
STRESS_SECONDS=${STRESS_SECONDS:-300}
. "${0%/*}/../stress/test.sh"
