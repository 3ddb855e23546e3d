# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For what uses bench.c, after lib.sh.
#
# bench_build           builds it and puts it into later guests, as /umkvm/bench,
#                       with the C library that bench-dynamic loads
# bench_init CPIO       an initramfs with init.c alone, for launch.c
# bench_files           these files as options of the bed, an array
# bench_uml             builds User Mode Linux of the kernel's source: $O/uml/linux

bench_build()
{
	local file
	mkdir -p "$O/bench"
	make -s -C "$TESTS/bench" O="$O/bench" CROSS_COMPILE="${CROSS_COMPILE:-}" ||
		fail "bench.c does not build"
	guest_file "$O/bench/bench"
	guest_file "$O/bench/bench-dynamic"
	bench_files=(--file "$O/bench/bench" --file "$O/bench/bench-dynamic")
	for file in $(ldd "$O/bench/bench-dynamic" 2>/dev/null | grep -o '/[^ ]*'); do
		guest_file "$file" "$file"
		bench_files+=(--file "$file")
	done
}

bench_init()
{
	mkdir -p "$W/init"
	cp "$O/bench/init" "$W/init/"
	(cd "$W/init" && echo init | cpio -o -H newc -R 0:0 --quiet) >"$1"
}

bench_uml()
{
	shared_make uml 'User Mode Linux' -j"$(nproc)" -C "$TESTS/bench" \
		UML="$O/uml" KSRC="${KSRC:-$O/source}" uml
}
