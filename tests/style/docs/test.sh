#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# Each file, function, option, macro and CONFIG symbol that the documentation
# names exists; see check.py.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../files.sh"
need "$O/farm"

for page in "$TOP"/README.md "$TOP"/rootfs/README "$TOP"/host/linux.1 \
	    "$TOP"/Documentation/*.rst; do
	t "${page#"$TOP"/}"
	[ -e "$page" ] || { fail "missing"; continue; }
	report "names without a thing" < <(python3 "$T/check.py" "$TOP" \
		"$(realpath "$O/farm/init/..")" "$O" "$page" 2>&1)
done
