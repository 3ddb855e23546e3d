# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Builds the guest programs for the tests that source this; one at a time,
# because tests run in parallel.  KERNEL is empty where no module can be built.

guest_build()	# [KERNEL]
{
	[ "$UMKVM_WHERE" != replay ] || return 0
	(
		flock 9
		unset MAKEFLAGS MFLAGS MAKELEVEL
		make -C "$TESTS/guest" O="$O/guest" KERNEL="${1:-}" \
			CROSS_COMPILE="${CROSS_COMPILE:-}"
	) 9>"$O/.guest.lock" >"$W/build.log" 2>&1 ||
		{ tail -n 20 "$W/build.log"; fail "the guest programs do not build"; }
}
