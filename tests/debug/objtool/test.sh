#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# What objtool says of the kernel of CONFIG=kasan: code keeps its stack frames, does
# nothing but access the user's memory between STAC and CLAC, and entry code calls
# nothing that is traced or instrumented before RCU and lockdep know.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../variant.sh"
variant kasan

t 'the build looks at entry code'
objtool=$(sed -n 's/^savedcmd_vmlinux\.o := .*; \(.*objtool .*--noinstr.*\) vmlinux\.o$/\1/p' \
	"$built/kernel/.vmlinux.o.cmd")
[ "$objtool" ] || fail 'CONFIG_NOINSTR_VALIDATION is off'

t 'entry code calls what it may'
cp "$built/kernel/vmlinux.o" "$W"
cd "$built/kernel"
status=0
# shellcheck disable=SC2086
$objtool "$W/vmlinux.o" >"$W/out" 2>"$W/err" || status=$?
rm "$W/vmlinux.o"
expect_status 0
expect_no_out .
[ ! -s "$W/err" ] || fail "$(head -n 3 "$W/err")"

# Object by object, as the build does; it has made the sections of its own before
t 'stack frames, STAC and CLAC'
grep -lr --include='.*.o.cmd' '; \./tools/objtool/objtool ' . | while read -r file; do
	file=${file%.cmd}
	file=${file%/*}/${file##*/.}
	[ "$file" != ./vmlinux.o ] || continue
	cp "$file" "$W/object.o"
	./tools/objtool/objtool --hacks=jump_label --hacks=noinstr --stackval --uaccess \
		--no-unreachable "$W/object.o" 2>&1 | sed "s|^|$file: |"
	echo "$file"
done >"$W/all"
rm "$W/object.o"
grep ': ' "$W/all" >"$W/out" || :
expect_no_out .
grep -qx './arch/um-kvm/entry/entry_64.o' "$W/all" || fail 'entry_64.o was not looked at'

t 'a call of what is traced, from entry code, is found'
cat >"$W/entry.c" <<'END'
void traced(void);
void __attribute__((section(".noinstr.text"))) entry(void) { traced(); }
END
"${CROSS_COMPILE:-}gcc" -O1 -fno-asynchronous-unwind-tables -fcf-protection=none \
	-fno-omit-frame-pointer -fno-optimize-sibling-calls -mno-red-zone \
	-c -o "$W/entry.o" "$W/entry.c"
status=0
# shellcheck disable=SC2086
$objtool "$W/entry.o" >"$W/out" 2>&1 || status=$?
expect_out 'entry\+0x.*: call to traced\(\) leaves \.noinstr\.text'
