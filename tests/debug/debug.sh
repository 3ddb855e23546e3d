# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the tests of this directory: $W/rsp, a client of --gdb that does what it
# is told (rsp.c).

"${CROSS_COMPILE-}gcc" -O1 -Wall -static -o "$W/rsp" "${T%/*}/rsp.c" ||
	fail "rsp.c does not build"

# A guest that shows that it runs by a line a second
guest_of_lines()
{
	guest_initrd 'i=0; while [ $i -lt 200 ]; do echo "line $i"; i=$((i + 1)); sleep 1; done'
}
