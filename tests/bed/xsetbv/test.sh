#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# XSETBV in a guest is KVM's to know (../svm.c): arch/x86 executes it, and without
# this has no XSAVE in the bed.  um-kvm's kernel does not: its shim sets XCR0.
. "${0%/*}/../../lib.sh"
UMKVM_WHERE=bed
"${CROSS_COMPILE-}gcc" -O1 -Wall -static -o "$W/xsetbv" "$T/xsetbv.c"

t 'KVM has the XCR0 that a guest sets, and CPUID the size that fits'
run_host --file "$W/xsetbv" -- "$W/xsetbv"
expect_status 0
expect_out '^before: XCR0 1, 576 bytes$'
expect_out '^after: XCR0 7, 832 bytes$'
