# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the tests of this directory, after lib.sh.
#
# kselftest_build [stock]       builds the selftests in $K; the other kernel too
# kselftest_list [FILE]         the tests, as runner reads them; those that FILE
#                               names, "COLLECTION:TEST" a line, or all
# kselftest_here LIST SECONDS   runs them on um-kvm ($UMKVM, a build directory)
# kselftest_stock LIST SECONDS  runs them on arch/x86, in QEMU with KVM
# Both leave $status, $W/out and $W/err; compare.py reads $W/out.

K=$O/selftests
STOCK=$O/stock
UMKVM=$O
ksrc=${KSRC:-$O/source}

# Memory of L1 and of the guest, in MiB: it holds the selftests, too
mem_l1=1024 mem=640

kselftest_build()
{
	need "$ksrc"
	(
		flock 9
		unset MAKEFLAGS MFLAGS MAKELEVEL
		make -j"$(nproc)" -C "$TESTS/kselftest" O="$K" STOCK="$STOCK" \
			KSRC="$ksrc" CROSS_COMPILE="${CROSS_COMPILE:-}" all "$@"
	) 9>"$O/.selftests.lock" >"$W/build.log" 2>&1 ||
		{ tail -n 20 "$W/build.log"; fail "the selftests do not build"; }
}

kselftest_list()
{
	awk '
	FILENAME == names { if (NF && $1 !~ /^#/) chosen[$0]; next }
	{
		name = $1 ":"
		for (i = 3; i <= NF; i++)
			name = name (i > 3 ? "_" : "") $i
		if (names == "" || name in chosen)
			print
	}' "names=${1:-}" ${1:+"$1"} "$K/tree/kselftest/list"
}

# Packs the collections of LIST
kselftest_initrd()	# LIST
{
	(cd "$K/tree" && awk '{ print "kselftest/" $1 }' "$1" | sort -u |
		xargs find bin lib lib64 kselftest/kselftest kselftest/runner |
		awk -F/ '{ for (i = 1; i <= NF; i++) {
			path = i == 1 ? $1 : path "/" $i; print path } }' |
		LC_ALL=C sort -u | cpio -o -H newc -R 0:0 --quiet) >"$W/selftests.cpio"
	guest_file "$1" /kselftest/chosen
	guest_initrd 'ln -s /proc/self/fd /dev/fd
/kselftest/runner </kselftest/chosen'
}

kselftest_here()
{
	kselftest_initrd "$1"
	run_host --mem "$mem_l1" --timeout "$2" -- "$UMKVM/linux" \
		"initrd=$UMKVM/rootfs.cpio,$W/selftests.cpio,${initrd#*,}" \
		"mem=${mem}M" ncpus=2 con0=null,fd:1 quiet
}

# QEMU and what it loads, as options of the bed
qemu_files()
{
	local qemu file
	qemu=$(command -v qemu-system-x86_64) || return 0
	for file in "$qemu" /usr/share/qemu/{qboot.rom,linuxboot_dma.bin,pvh.bin} \
		$(ldd "$qemu" | sed -n 's,^[^/]*\(/[^ ]*\) (0x.*,\1,p'); do
		[ ! -e "$file" ] || printf -- '--file\n%s\n' "$file"
	done
}

# A microvm without ACPI cannot be turned off, but it can be reset
kselftest_stock()
{
	local files
	mkdir -p "$W/guest/sbin"
	printf '#!/bin/sh\nexec busybox reboot -f\n' >"$W/guest/sbin/poweroff"
	chmod 755 "$W/guest/sbin/poweroff"
	kselftest_initrd "$1"
	rm -r "$W/guest/sbin"
	cat "$UMKVM/rootfs.cpio" "$W/selftests.cpio" "$STOCK/modules.cpio" \
		"${initrd#*,}" >"$W/stock.cpio"
	mapfile -t files < <(qemu_files)
	run_host --mem "$mem_l1" --timeout "$2" "${files[@]}" -- \
		/usr/bin/qemu-system-x86_64 -M microvm,acpi=off,isa-serial=off -enable-kvm \
		-cpu host -smp 2 -m "$mem" -display none -nodefaults \
		-no-user-config -no-reboot \
		-kernel "$STOCK/arch/x86/boot/bzImage" -initrd "$W/stock.cpio" \
		-append 'console=hvc0 quiet reboot=t' \
		-chardev stdio,id=console,signal=off \
		-device virtio-serial-device -device virtconsole,chardev=console
	rm "$W/stock.cpio"
}
