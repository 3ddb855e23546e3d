#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The contract is typed once: guest and shim include the same umkvm.h, and what
# it defines is defined nowhere else.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../files.sh"
cd "$TOP"
header=arch/um-kvm/include/uapi/asm/umkvm.h

t 'one header'
[ "$(our_files -name umkvm.h)" = "$header" ] || fail "$(our_files -name umkvm.h)"

t 'no second definition'
{
	sed -nE 's/^#define (UMKVM_\w+).*/\1/p; s/^\t(UMKVM_\w+)\s*=.*/\1/p' $header
	sed -nE 's/^(struct|enum) (umkvm_\w+) \{/\2/p' $header
} | sort >"$W/names"
report "also defined" < <(our_files -name '*.[chS]' | grep -vx $header |
	xargs grep -nE '^\s*#define UMKVM_|^(struct|enum) umkvm_\w+ \{' |
	grep -wFf "$W/names")

t 'both sides include it'
for part in arch/um-kvm host; do
	our_files -path "./$part/*.[chS]" | xargs grep -q '<asm/umkvm\.h>' ||
		fail "$part does not"
done
