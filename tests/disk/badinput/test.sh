#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# Images that cannot be a disk, or not now: one line with the name and what to
# do, and no guest.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../boot/boot.sh"

boot_init
LIMIT=$((100 * ${TIMEOUT_SCALE:-1}))
boot_cases <<'END'
	missing|125|^linux: cannot open disk ubda: nowhere: No such file or directory; make one with truncate||linux ubd0=nowhere
	missing, by --disk|125|^linux: cannot open disk ubda: nowhere: No such file||linux --disk nowhere
	a directory|125|^linux: cannot open disk ubda: \.: Is a directory; name an image file||linux --disk .
	a directory, to read|125|^linux: cannot open disk ubda: \.: not a file; name an image file||linux --disk .,ro
	a FIFO|125|^linux: cannot open disk ubda: fifo: not a file; name||mkfifo fifo; linux ubd0=fifo
	a terminal|125|^linux: cannot open disk ubda: /dev/null: not a file; name||linux ubd0=/dev/null
	empty|125|^linux: cannot open disk ubdb: empty: 0 bytes; .* 512, see truncate||: >empty; linux ubd1=empty
	not whole sectors|125|^linux: cannot open disk ubda: odd: 1000 bytes; ||truncate -s 1000 odd; linux ubd0=odd
	only the second is wrong|125|^linux: cannot open disk ubdb: nowhere: ||truncate -s 1M good; linux ubd0=good ubd1=nowhere
	no permission|125|^linux: cannot open disk ubda: .*/mine: Permission denied; ubd0r=FILE only reads it||truncate -s 1M mine; chmod 644 mine; chmod 755 . linux; chmod 666 /dev/kvm; su -s /bin/sh nobody -c "./linux ubd0=$PWD/mine"
	no permission to read|125|^linux: cannot open disk ubda: .*/secret: Permission denied$||truncate -s 1M secret; chmod 600 secret; chmod 755 . linux; chmod 666 /dev/kvm; su -s /bin/sh nobody -c "./linux ubd0r=$PWD/secret"
	a read-only file system|125|^linux: cannot open disk ubda: ro/img: Read-only file system; ubd0r=FILE||mkdir ro; mount -t tmpfs none ro; truncate -s 1M ro/img; mount -o remount,ro ro; linux ubd0=ro/img; code=$?; umount ro; exit $code
	no O_DIRECT|125|^linux: cannot open disk ubda: nodirect: Invalid argument; its file system has no O_DIRECT||truncate -s 1M nodirect; linux --disk nodirect,direct
	twice|125|^linux: cannot open disk ubdb: twice: somebody else uses it; take a copy||truncate -s 1M twice; linux ubd0=twice ubd1=twice
	written here, read there|125|^linux: cannot open disk ubdb: wr: somebody else uses it; ||truncate -s 1M wr; linux ubd0=wr ubd1r=wr
	read by several|0||off|truncate -s 1M several; boot ubd0r=several ubd1r=several ubd2r=several
	written by several who say so|0||off|truncate -s 1M shared; boot ubd0c=shared ubd1c=shared
	a running guest has it|125|^linux: cannot open disk ubda: busy: somebody else uses it; ||truncate -s 1M busy; start ubd0=busy do=spin; wait_for spinning; linux ubd0=busy; code=$?; kill $pid; wait $pid; exit $code
	an unknown flag|125|^linux: ubd0x=: the flags of a disk are r, s, d, c and t||linux ubd0x=img
	a disk too many|125|^linux: ubd16=: a disk is ubd0 to ubd15||linux ubd16=img
	root on no disk|125|^linux: root=/dev/ubdb: there is no such disk||linux ubd0=img root=/dev/ubdb
END
