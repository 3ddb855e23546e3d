# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Builds the guest programs for the tests that source this.  KERNEL is empty where no module can be built.

guest_build()	# [KERNEL]
{
	[ "$UMKVM_WHERE" != replay ] || return 0
	shared_make guest 'the guest programs' -C "$TESTS/guest" O="$O/guest" \
		KERNEL="${1:-}"
}
