#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 280
# intel
# Every way in which a kernel ends: the status, the line, and what it printed.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../boot.sh"

boot_init
boot_cases <<'END'
	+power off|0||^init: off|boot
	status 1|1||off|boot do=code arg=1
	+status 77|77||off|boot do=code arg=77
	status 125|125||off|boot do=code arg=125
	status 240|240||off|boot do=code arg=240
	status 255|255||off|boot do=code arg=255
	status -1 is 255|255||off|boot do=code arg=-1
	status 256 is 0|0||off|boot do=code arg=256
	status 0x10 is 16|16||off|boot do=code arg=0x10
	not a number is refused|0||^init: cannot write|boot do=code arg=seven
	halt|0|||boot do=halt
	+reboot where it is not wanted|245|^linux: ended: reboot$||boot do=restart noreboot
	reboot in the same process, twice|9|||start do=ask arg=9; wait_for ready; echo restart >in; wait_for ready 2; echo restart >in; wait_for ready 3; echo code >in; finish >all; code=$?; [ $(grep -c ready all) = 3 ] || code=1; exit $code
	+panic: sysrq|240|^linux: ended: panic: sysrq triggered crash|Kernel panic - not syncing: sysrq triggered crash|boot do=sysrq arg=c
	panic prints a stack trace|240|ended: panic|sysrq_handle_crash\+0x|boot do=sysrq arg=c
	panic=1 boots again|143|ended: signal: SIGTERM|Rebooting in 1 second|start do=sysrq arg=c panic=1; wait_for 'Kernel panic' 2; kill -TERM $pid; finish
	panic=-1 noreboot|245|^linux: ended: reboot|Kernel panic|boot do=sysrq arg=c panic=-1 noreboot
	+init exits|240|^linux: ended: panic: Attempted to kill init! exitcode=0x00000700|Attempted to kill init|boot do=exit
	init is killed by a signal|240|ended: panic: Attempted to kill init! exitcode=0x00000004|Attempted to kill init|boot do=crash
	+no initrd, no root: the log of the early console|240|^linux: ended: panic: [VN]|Kernel panic - not syncing: [VN]|linux root=/dev/nosuch
	the same with quiet|240|^linux: ended: panic: [VN]|Kernel panic - not syncing: [VN]|linux quiet root=/dev/nosuch
	no console at all: panic prints the whole log|240|^linux: ended: panic: [VN]|^Linux version|linux console=nowhere root=/dev/nosuch
	sysrq power off|0||sysrq: Power Off|boot do=sysrq arg=o
	sysrq reboot|245|^linux: ended: reboot|sysrq: Resetting|boot do=sysrq arg=b noreboot
	SIGTERM while it sleeps|143|^linux: ended: signal: SIGTERM|asleep|start do=sleep; wait_for asleep; kill -TERM $pid; finish
	SIGINT while a program spins|130|^linux: ended: signal: SIGINT|spinning|start do=spin; wait_for spinning; kill -INT $pid; finish
END
