#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# The kernel's checkpatch.pl finds no error and no warning, but for the types
# that the file "accepted" lists with a reason.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../files.sh"

checkpatch=$O/farm/scripts/checkpatch.pl
need "$checkpatch"

accepted()	# FILE TYPE: is there a line PATTERN TYPE for it?
{
	local pattern type
	while read -r pattern type _; do
		# shellcheck disable=SC2053
		[[ $1 != $pattern || $2 != "$type" ]] || return 0
	done < <(grep -v '^#' "$T/accepted")
	return 1
}

cd "$TOP"
our_files -name '*.[chS]' | xargs -P "$(nproc)" -n 20 perl "$checkpatch" \
	--no-tree --terse --show-types --no-summary -f >"$W/all" || true
report "checkpatch" < <(while IFS=' :' read -r file line level type text; do
	accepted "$file" "$type" || echo "$file:$line: $level $type: $text"
done <"$W/all")
