#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 700
# long
# The same as tests/disk/crash with 20 kills.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../disk.sh"
. "${0%/*}/../crash.sh"
need "$O/linux" "$O/rootfs.cpio"

crash_test 20
