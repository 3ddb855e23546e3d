#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 180
# Each interrupt that VMRUN injects is delivered once, whatever wakes the CPU's
# thread meanwhile (../svm.c).  With --icount, each timer of L1 does.  A guest
# that is interrupted with interrupts off waits for a lock of its own, or dies.
. "${0%/*}/../../lib.sh"
UMKVM_WHERE=bed
need "$O/linux" "$O/rootfs.cpio"
"${CROSS_COMPILE-}gcc" -O1 -Wall -static -o "$W/ticks" "$T/ticks.c"
guest_file "$W/ticks"

t 'a guest with a timer interrupt every 47 microseconds'
guest_cmd /umkvm/ticks --icount --timeout 120
expect_status 0
expect_out '^20000 ticks$'
