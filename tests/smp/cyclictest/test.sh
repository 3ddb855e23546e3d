#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 500
# long
# cyclictest of rt-tests on each of four vCPUs.  Its histogram, of all of them
# and in powers of two, goes to the log; what latencies are good depends on the
# host, so none is a failure.
. "${0%/*}/../../lib.sh"

seconds=${CYCLICTEST_SECONDS:-30} cpus=4
program=$(command -v cyclictest) || skip "no cyclictest: install rt-tests"

guest_program "$program"

# In the guest: of a hundred thousand lines, a line for each power of two
cat >"$W/powers" <<'AWK'
/^[0-9]+ / {
	for (limit = 64; limit <= $1; limit *= 2)
		;
	for (i = 2; i <= NF; i++)
		count[limit] += $i
	next
}
{ print }
END {
	for (limit = 64; limit <= 131072; limit *= 2)
		printf "# below %6d us: %d\n", limit, count[limit]
}
AWK
guest_file "$W/powers"

t "$seconds seconds on $cpus CPUs"
guest_cmd "/umkvm/cyclictest -m -q -h 100000 -t $cpus -a -p 80 -i 1000 -D $seconds |
	awk -f /umkvm/powers" \
	--smp 2 --turns --timeout $((seconds + 300)) -- "ncpus=$cpus"
grep -aE '^# (below|Total|Min|Avg|Max|Histogram Overflows)' "$W/out" || true
expect_status 0

# Each line has a number per thread, and no thread did nothing
has_all()	# NAME: of a line of the summary
{
	awk -v name="# $1:" -v cpus=$cpus 'index($0, name) == 1 {
			n = split(substr($0, length(name) + 1), value, " ")
			good = n >= cpus
			for (i = 1; i <= cpus; i++)
				good = good && value[i] + 0 > 0
		}
		END { exit !good }' "$W/out"
}
expected 'not each thread has woken up' has_all 'Total'
expected 'not each thread has a latency' has_all 'Max Latencies'
