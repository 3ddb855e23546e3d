#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# Nothing that was synced is lost when the shim is killed.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../disk.sh"
. "${0%/*}/../crash.sh"
need "$O/linux" "$O/rootfs.cpio"

crash_test 3
