#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# The real kernel, broken in ways that a disk or a wrong build would break it:
# one line, and no guest.  tests/host/errors has what needs no real kernel.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../boot.sh"

need "$O/vmlinux"
boot_init
"${CROSS_COMPILE-}strip" -o "$W/vmlinux" "$O/vmlinux"
python3 - "$W/vmlinux" "$W" <<'END'
import struct, sys
image = open(sys.argv[1], "rb").read()
def write(name, data):
    open(sys.argv[2] + "/" + name, "wb").write(data)
def patched(at, new):
    return image[:at] + new + image[at + len(new):]
phoff, phnum = struct.unpack_from("<Q", image, 32)[0], struct.unpack_from("<H", image, 56)[0]
loads = [p for p in (struct.unpack_from("<IIQQQQ", image, phoff + 56 * i) for i in range(phnum)) if p[0] == 1]
end = max(p[2] + p[5] for p in loads)
write("cut1", image[:end // 100])
write("cut10", image[:end // 10])
write("cutlast", image[:end - 1])
write("arm", patched(18, b"\xb7\0"))
write("bits", patched(4, b"\1"))
write("shared", patched(16, b"\3\0"))
note = image.index(b"\7\0\0\0\4\0\0\0\1\0\0\0um-kvm\0\0")
write("version", patched(note + 20, b"\2\0\0\0"))
write("nonote", patched(note + 12, b"xm-kvm"))
write("entry", patched(24, bytes(8)))
write("phoff", patched(32, b"\xff" * 8))
END

files=()
for name in cut1 cut10 cutlast arm bits shared version nonote entry phoff; do
	files+=("$W/$name")
done
boot_cases "${files[@]}" <<'END'
	cut after 1 %|125|^linux: .*cut1: truncated ELF||boot kernel=cut1
	cut after 10 %|125|^linux: .*cut10: truncated ELF||boot kernel=cut10
	one byte too few|125|^linux: .*cutlast: truncated ELF||boot kernel=cutlast
	for ARM|125|^linux: .*arm: ||boot kernel=arm
	32 bits|125|^linux: .*bits: ||boot kernel=bits
	a shared object|125|^linux: .*shared: ||boot kernel=shared
	another version of the ABI|125|^linux: .*version: .*ABI version 2||boot kernel=version
	no note of an ABI|125|^linux: .*nonote: ||boot kernel=nonote
	no entry|125|^linux: .*entry: ||boot kernel=entry
	headers outside of the file|125|^linux: .*phoff: ||boot kernel=phoff
	an initrd that is no archive|240|ended: panic|panic|head -c 100000 /dev/urandom >noise; linux initrd=noise quiet
	an initrd that is cut|240|ended: panic|panic|head -c 300 init.cpio >cut; linux initrd=cut quiet
	noise behind a good archive|0||off|head -c 100000 /dev/urandom >noise; linux initrd=init.cpio,noise quiet
	a huge number of words|125|^linux: the kernel's command line is too long||boot $(seq 600)
	parameters that nobody knows|0||off|boot nobody=knows never.heard=1 -x
	--probe with a guest's options|0|||boot --probe >probe; code=$?; grep -q . probe && exit $code
	no permission on /dev/kvm|125|^linux: cannot open /dev/kvm: Permission denied; .*kvm||[ -d /mod ] @@ exit 125; chmod 600 /dev/kvm; chmod 755 . linux; su -s /bin/sh nobody -c "./linux --kernel $PWD/linux"; code=$?; chmod 666 /dev/kvm; exit $code
END

t 'this host, which cannot run it, says so in one line'
[ "$UMKVM_WHERE" = bed ] || skip "this host can"
status=0
timeout 20 "$O/linux" "initrd=$W/init.cpio" quiet \
	>"$W/out" 2>"$W/err" </dev/null || status=$?
expect_status 125
expect_err '^linux: .*/dev/kvm.*; '
[ "$(grep -c . "$W/err")" = 1 ] || fail "more than one line"
expect_no_out .
