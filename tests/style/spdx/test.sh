#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each file says its licence on line 1 (2 after "#!"), one of those whose text
# is in LICENSES/.  Plain text for people needs none.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../files.sh"

gpl='GPL-2\.0'
abi='\(GPL-2\.0 WITH Linux-syscall-note\) OR BSD-3-Clause'

cd "$TOP"
t 'on line 1'
report "no licence" < <(our_files | while read -r file; do
	case $file in
	COPYING|LICENSES/*|README.md|*/README|*_defconfig) continue ;;
	arch/um-kvm/include/uapi/*/umkvm.h) licence=$abi ;;
	*) licence=$gpl ;;
	esac
	[ -s "$file" ] || continue
	line=$(head -n 1 "$file" | tr -d '\0')
	[[ $line != '#!'* ]] || line=$(sed -n 2p "$file")
	grep -qE "SPDX-License-Identifier: $licence( WITH Linux-syscall-note)?( ?\*/| -->)?$" \
		<<<"$line" ||
		echo "$file: $line"
done)

t 'the texts'
for text in GPL-2.0 BSD-3-Clause Linux-syscall-note; do
	[ -s "LICENSES/$text" ] || fail "LICENSES/$text is missing"
done
