# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For tests of guests that hang, after lib.sh.
#
# hang_module   builds hang.c as $W/hang/hang.ko, and puts it into the guests of
#               later guest_initrd calls as /umkvm/hang.ko

hang_module()
{
	need "$O/kernel/Module.symvers"
	rm -rf "$W/hang"
	mkdir "$W/hang"
	cp "$TESTS/debug/hang.c" "$W/hang"
	echo 'obj-m := hang.o' >"$W/hang/Makefile"
	make -s -C "$O/kernel" M="$W/hang" ARCH=um-kvm \
		CROSS_COMPILE="${CROSS_COMPILE:-}" modules >"$W/hang/log" 2>&1 ||
		fail "hang.c does not build: $(tail -n 3 "$W/hang/log")"
	guest_file "$W/hang/hang.ko"
}
