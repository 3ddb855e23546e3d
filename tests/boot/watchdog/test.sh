#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 180
# --watchdog and /dev/watchdog: a kernel that lives keeps the guest alive, a
# program that has taken over and falls silent ends it, and so does a kernel
# that cannot call; a process that is stopped is not a guest that hangs.
. "${0%/*}/../../lib.sh"

need "$O/linux"

t 'the kernel calls while no program does'
guest_cmd 'cd /sys/class/watchdog/watchdog0 && cat identity timeout
sleep 7; echo alive; exit 3' -- --watchdog 3
expect_status 3
expect_out '^um-kvm'
expect_out '^3'
expect_out '^alive'

t 'a program that opens it and falls silent'
guest_cmd 'exec 3>/dev/watchdog; echo opened; sleep 60' -- --watchdog 3
expect_status 244
expect_out '^opened'
expect_err '^linux: ended: watchdog: no sign of life for 3 seconds$'

t 'one that writes to it lives on, and may stop it'
guest_cmd 'exec 3>/dev/watchdog
for i in 1 2 3 4 5; do echo >&3; sleep 1; done
printf V >&3; exec 3>&-
sleep 5; exit 4' -- watchdog.timeout=3
expect_status 4

t 'SIGSTOP for longer than that is no hang'
guest_initrd 'echo ready; sleep 4; echo alive'
cat >"$W/run.sh" <<EOF
$O/linux initrd=$initrd --watchdog 2 con0=null,fd:1 quiet >/tmp/out </dev/null &
pid=\$!
while ! grep -q ready /tmp/out; do sleep 1; done
kill -STOP \$pid
sleep 5
kill -CONT \$pid
wait \$pid
echo "status \$?"
cat /tmp/out
EOF
run_host --timeout 60 --file "$O/linux" --file "$O/rootfs.cpio" \
	--file "${initrd#*,}" -- sh "$W/run.sh"
expect_out '^status 0$'
expect_out '^alive'
