# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For what uses bench.c, after lib.sh.
#
# bench_build           builds it and puts it into later guests, as /umkvm/bench,
#                       with the C library that bench-dynamic loads
# bench_init CPIO       an initramfs with init.c alone, for launch.c
# bench_files           these files as options of the bed, an array
# bench_programs CPIO   Python, make and the C compiler of this machine, as far as
#                       "python" and "build" of bench.c take them, with their work; or
#                       says what is missing
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
	for file in "$O"/bench/bench-project/*; do
		guest_file "$file" "/umkvm/bench-project/${file##*/}"
		bench_files+=(--file "$file")
	done
	for file in $(ldd "$O/bench/bench-dynamic" 2>/dev/null | grep -o '/[^ ]*'); do
		guest_file "$file" "$file"
		bench_files+=(--file "$file")
	done
}

# Files that a Python has read when it has run its work
python_files()	# WORK
{
	echo /usr/bin/python3
	readlink -f /usr/bin/python3
	/usr/bin/python3 -I -S -c "exec(open('$1').read())
import os, sys
print(*filter(os.path.isdir, sys.path), sep='\\n')
for module in list(sys.modules.values()):
    for name in '__file__', '__cached__':
        print(getattr(module, name, None) or os.__file__)"
}

# Files that gcc has read when it has made a program of SOURCES
compiler_files()	# SOURCE...
{
	local name
	printf '%s\n' /usr/bin/make /usr/bin/gcc
	for name in cc1 collect2; do
		gcc -print-prog-name=$name
	done
	for name in as ld; do
		command -v "$(gcc -print-prog-name=$name)"
	done
	gcc -print-file-name=liblto_plugin.so
	gcc -O2 -D_GNU_SOURCE -M "$@" | tr -s ' \\' '\n\n' | grep '^/usr'
	gcc -O2 -D_GNU_SOURCE -pthread -Wl,--trace -o "$W/traced" "$@" | grep -v '^/tmp'
}

bench_programs()
{
	local project=$O/bench/bench-project name
	for name in python3 make gcc; do
		[ ! -x "/usr/bin/$name" ] || continue
		echo "no /usr/bin/$name: apt-get install $name; python and build are left out"
		: | cpio -o -H newc --quiet >"$1"
		return
	done
	{
		python_files "$project/work.py"
		compiler_files "$project"/*.c
	} | xargs realpath -s | sort -u >"$W/programs"
	while read -r name; do
		[ ! -f "$name" ] || [ ! -x "$name" ] || ldd "$name" | sed -n 's,^[^/]*\(/[^ ]*\) (0x.*,\1,p'
	done <"$W/programs" >"$W/libraries"
	(cd / && awk -F/ '{ for (i = 2; i <= NF; i++) {
		path = i == 2 ? $2 : path "/" $i; print path } }' \
		"$W/programs" "$W/libraries" |
		LC_ALL=C sort -u | cpio -o -L -H newc -R 0:0 --quiet) >"$1"
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
