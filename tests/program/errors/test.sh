#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# Mistakes with "linux run", and what a host or a kernel can lack.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../program.sh"

need "$O/linux" "$O/rootfs/run-init"
mkdir -p "$W/run"
${CROSS_COMPILE-}objcopy --remove-section .umkvm.run "$O/linux" "$W/run/bare"
echo "file /init $O/rootfs/run-init 755 0 0" >"$W/list"
"$O/kernel/usr/gen_init_cpio" "$W/list" >"$W/init.cpio"
${CROSS_COMPILE-}objcopy --update-section .umkvm.run="$W/init.cpio" "$O/linux" \
	"$W/run/no-overlay"

# Without the program, which a host of ours may have
if where; [ "$UMKVM_WHERE" = bed ]; then
	t 'virtiofsd is not installed'
	run_linux --timeout 60 -- run -- true
	expect_status 125
	expect_err '^linux: --dir root: virtiofsd is not installed: apt-get install'
fi

program_run --timeout "$((100 * ${TIMEOUT_SCALE:-1}))" <<'END'
try()	# NAME PROGRAM WORD...
{
	part "$1"
	shift
	code=0
	"$@" >out 2>&1 </dev/null || code=$?
	echo "status $code, $(wc -l <out) line: $(head -n 1 out)"
}
try none ./linux run
try none_either ./linux run --rw --
try unknown ./linux run --rwx -- true
try rw ./linux --rw
try root ./linux --root=/
try nowhere ./linux run --root nowhere -- true
try small ./linux run mem=8M -- true
try bare ./bare run -- true
try overlay ./no-overlay run -- true
END

one='^status 125, 1 line: linux: '
t 'no command'
part_has none "${one}run: no command; write linux run -- COMMAND$"
part_has none_either "${one}run: no command"
t 'words that are wrong'
part_has unknown "$one--rwx: unknown option"
part_has rw "$one--rw: only for linux run$"
part_has root "$one--root: only for linux run$"
part_has nowhere "$one--dir root: cannot share nowhere: No such file or directory$"
t 'memory too small'
part_has small "${one}mem=8192K: too small; the kernel and the initrd need at least mem="
t 'a program without its init'
part_has bare "${one}run: not built into this program"
t 'a kernel without what it needs'
part_has overlay "${one}run: the kernel has no file system \"overlay\"; try --rw: No such device$"
