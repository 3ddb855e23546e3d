#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 180
# --watchdog and /dev/watchdog: a kernel that lives keeps the guest alive, a
# program that has taken over and falls silent ends it, and so does a kernel
# that cannot call; a process that is stopped is not a guest that hangs.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../boot.sh"

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

guest_initrd 'echo ready; sleep 4; echo alive'
cp "${initrd##*,}" "$W/cmd.cpio"
boot_init
boot_cases "$O/rootfs.cpio" "$W/cmd.cpio" <<'END'
	SIGSTOP for longer than that is no hang|0||^alive|start initrd=rootfs.cpio,cmd.cpio con0=null,fd:1 --watchdog 2; wait_for ready; kill -STOP $pid; sleep 5; kill -CONT $pid; finish
END
