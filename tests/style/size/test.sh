#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The budgets: lines of the port, of the shim, of its core, of a file, of a
# function.  Documentation/specification.rst states the same numbers.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../files.sh"
cd "$TOP"

lines()		# reads names of files
{
	xargs cat | wc -l
}

budget()	# TEXT MAX LINES: LINES are fewer than MAX
{
	t "$1: $3 of $2 lines"
	[ "$3" -lt "$2" ] || fail "$1: $3 lines, the budget is $2"
}

# The core is the machine: options, VM, vCPUs, memory, boot, calls, sandbox
core='^host/(main|options|vm|vcpu|cpu|mem|file|loader|boot|call|sandbox|util)\.'
debug='host/(gdb|gdb_.*|hold|options_gdb|dump|dump_.*|printk_ring|vmcoreinfo)\.'

budget arch/um-kvm 10000 \
	"$(our_files -path './arch/um-kvm/*' ! -path '*/configs/*' | lines)"
budget host 14000 "$(our_files -path './host/*.[chS]' | lines)"
budget "host's debugger and dumps" 3500 \
	"$(our_files -path './host/*.[chS]' | grep -E "$debug" | lines)"
budget "host's core" 3000 \
	"$(our_files -path './host/*.[chS]' | grep -E "$core" | lines)"

# The manual page has an entry for each option, and can only be one file
t 'files have fewer than 400 lines'
report "long files" < <(our_files ! -path './LICENSES/*' ! -name COPYING \
		! -name linux.1 |
	xargs wc -l | awk '$1 >= 400 && $2 != "total" { print $2 ": " $1 }')

t 'specification.rst states these numbers'
page=$TOP/Documentation/specification.rst
for number in 10,000 14,000 3,500 3,000 400 80 40; do
	grep -qw "$number" "$page" || fail "no $number in $page"
done

t 'ctags is there for the lengths of functions'
command -v ctags >/dev/null || skip "no ctags: install universal-ctags"
our_files -name '*.[ch]' |
	ctags -L - --languages=C --langmap=C:.c.h --kinds-C=f -x \
		--_xformat='%{end} %n %F:%N' -o - 2>/dev/null |
	awk '{ print $1 - $2 + 1, $3 }' | sort -n >"$W/functions"

# One function is excused: the switch over the reasons for an exit
t 'no function has more than 80 lines'
report "long functions" < <(awk -v excused=host/vcpu.c:handle_exit \
	'$1 > 80 && $2 != excused { print $2 ": " $1 }' "$W/functions")

for part in arch/um-kvm host; do
	p90=$(grep " $part/" "$W/functions" |
		awk '{ n[NR] = $1 } END { print n[int(NR * 0.9 + 0.5)] }')
	t "of ten functions of $part nine have fewer than 40 lines (p90: $p90)"
	[ "${p90:-99}" -lt 40 ] || fail "p90 is $p90"
done
