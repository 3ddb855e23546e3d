#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3600
# long
# smp/hotplug with twenty cycles.
HOTPLUG_CYCLES=${HOTPLUG_CYCLES:-20} HOTPLUG_CPUS=${HOTPLUG_CPUS:-2 4 8}
. "${0%/*}/../hotplug/test.sh"
