#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 180
# The process of a busy guest with four vCPUs is stopped for longer than the
# kernel's patience with a CPU, and continued: time goes on, and no watchdog
# complains.  Stopped by SIGSTOP, then as a terminal does it, by SIGTSTP.
. "${0%/*}/../../lib.sh"
need "$O/linux" "$O/rootfs.cpio"

# The limit of RCU is 21 seconds otherwise
patience=8
guest_initrd "echo $patience >/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
for cpu in 0 1 2 3; do (while :; do true; done) & done
echo ready
before=\$(date +%s)
while [ ! -e /tmp/over ]; do
	now=\$(date +%s)
	[ \$((now - before)) -lt $patience ] || { echo jump; jumps=x\$jumps; }
	[ \$now -ge \$before ] || echo backwards
	before=\$now
	[ \"\$jumps\" != xx ] || [ -e /tmp/over ] || { sleep 12; touch /tmp/over; }
done
dmesg | grep -E 'stall|lockup|hung|BUG|WARNING|detected'
echo end"

cat >"$W/run.sh" <<EOF
$O/linux initrd=$initrd ncpus=4 con0=null,fd:1 quiet >/tmp/out 2>&1 </dev/null &
pid=\$!
while ! grep -q ready /tmp/out; do sleep 1; done
sleep 2
for signal in STOP TSTP; do
	kill -\$signal \$pid
	sleep $((patience * 2))
	echo "state \$(sed -n 's/^State:\t//p' /proc/\$pid/status)"
	kill -CONT \$pid
	sleep 3
done
wait \$pid
echo "status \$?"
cat /tmp/out
EOF
run_host --timeout 170 --file "$O/linux" --file "$O/rootfs.cpio" \
	--file "${initrd#*,}" -- sh "$W/run.sh"

t 'it was stopped twice'
expected 'not stopped' [ "$(grep -c '^state T' "$W/out")" = 2 ]

t 'the clock shows both gaps and never goes back'
expected 'not two jumps' [ "$(grep -c '^jump' "$W/out")" = 2 ]
expect_no_out '^backwards'

t 'no watchdog complains and the guest ends well'
expect_out '^status 0$'
expect_out '^end'
expect_no_out 'stall|lockup|hung|BUG|WARNING'
