#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# The recipes of Documentation/debugging.rst: each is run as it stands there,
# and prints what it says.  That for KASAN is skipped without its kernel.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../../build/make.sh"
need "$O/linux" "$O/rootfs.cpio" "$O/vmlinux"
command -v gdb >/dev/null || skip "gdb is not installed"
[ -z "$UMKVM_WHERE" ] || skip "about gdb, not about the CPU's vendor"

page=$TOP/Documentation/debugging.rst
recipe()
{
	python3 "$T/recipes.py" "$page" "$@"
}

# Presses Ctrl-C once the guest's program runs, if the recipe does
press()
{
	grep -q '^# interrupted' "$W/gdb" || return 0
	for _ in $(seq 600); do
		sleep 0.2
		grep -qs '^looping' "$W/out" "$W/err" && break
	done
	sleep 1
	pkill -INT -f -- "-batch -x $W/gdb"
}

while read -r number title; do
	t "$title"
	recipe script "$number" >"$W/gdb"
	# the test bed's commands, and the words as a shell reads them
	eval "set -- $(recipe command "$number")"
	shift 2
	case " $* " in
	*' CONFIG=kasan '*)
		[ -e "$O/kasan/linux" ] || {
			skip "no $O/kasan/linux: run make CONFIG=kasan first"
			continue
		}
		;;
	esac
	press &
	GDBARGS="-batch -x $W/gdb" run_make gdb "$@" </dev/null
	wait
	recipe check "$number" "$W/out" >"$W/missing" || {
		fail "$(cat "$W/missing")"
		tail -n 40 "$W/out" | sed 's/^/# /'
	}
done < <(recipe list)
