#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# long
# make and gcc of the host build a small program inside of the guest, in the host's
# directory: first nothing of it stays, then all of it.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../program.sh"

for program in gcc make; do
	command -v "$program" >/dev/null || skip "$program is not installed"
done

# Names of all that they need
toolchain()
{
	local file
	for file in cc1 collect2 lto-wrapper as ld; do
		command -v "$(gcc -print-prog-name="$file")"
	done >"$W/programs"
	command -v gcc make >>"$W/programs"
	xargs ldd <"$W/programs" | grep -o '/[^ ]*[^ :]' | grep -v '(0x'
	cat "$W/programs"
	for file in crt1.o Scrt1.o crti.o crtn.o crtbegin.o crtbeginS.o crtend.o \
		crtendS.o libgcc.a libgcc_s.so libgcc_s.so.1 libc.so libc.so.6 \
		libc_nonshared.a liblto_plugin.so; do
		gcc -print-file-name="$file"
	done
	gcc -M "$W/hello.c" "$W/who.c" | grep -o '/[^ ]*\.h'
}

cat >"$W/hello.h" <<'END'
const char *who(void);
END
cat >"$W/hello.c" <<'END'
#include <stdio.h>
#include "hello.h"
int main(void) { printf("hello, %s\n", who()); return 0; }
END
cat >"$W/who.c" <<'END'
#include "hello.h"
const char *who(void) { return "guest"; }
END
cat >"$W/Makefile" <<'END'
hello: hello.o who.o
	gcc -o $@ hello.o who.o
hello.o who.o: hello.h
END
toolchain | xargs realpath -s | sort -u >"$W/names"
tar -c -h -P -f "$W/tools.tar" -T "$W/names" 2>"$W/tar.log" ||
	fail "$(tail -n 1 "$W/tar.log")"

program_run --mem 3000 --timeout "$((850 * ${TIMEOUT_SCALE:-1}))" -- \
	"$W/tools.tar" "$W/hello.h" "$W/hello.c" "$W/who.c" "$W/Makefile" <<'END'
if [ "$(hostname)" = bed ]; then
	tar -x -f tools.tar -C /
	rm tools.tar
	PATH=/usr/bin:$PATH
fi
part gone
./linux run -- sh -c 'make CC=gcc && ./hello'
echo "status $?"
echo "left: $(echo *.o)"
part stays
./linux run --rw -- make CC=gcc
echo "status $?"
echo "left: $(echo *.o)"
./hello
part error
echo 'error;' >who.c
./linux run -- make CC=gcc
echo "status $?"
END

t 'make in the guest, nothing stays'
part_has gone '^hello, guest$'
part_has gone '^status 0$'
part_has gone '^left: \*\.o$'
t 'make in the guest, the host gets the program'
part_has stays '^status 0$'
part_has stays '^left: hello\.o who\.o$'
part_has stays '^hello, guest$'
t 'a mistake in the program is the status of make'
part_has error '^who\.c:1:'
part_has error '^status 2$'
