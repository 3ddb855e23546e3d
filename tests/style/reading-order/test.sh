#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/reading-order.rst names each source file of the port, the shim
# and the root file system, so that a reader can meet them all in order.  A file
# of the port may go without "arch/um-kvm/", and "x.{c,h}" stands for two.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../files.sh"

page=$TOP/Documentation/reading-order.rst
[ -e "$page" ] || fail "no $page"

named()
{
	local name
	grep -oE '[][A-Za-z0-9_./{},+-]+' "$page" | sort -u |
		while read -r name; do
		name=${name%[.,]}
		case $name in
		*[!A-Za-z0-9_./{},+-]*) ;;
		*'{'*'}'*) eval "printf '%s\n' $name" ;;
		*) echo "$name" ;;
		esac
	done | sed 's,^arch/um-kvm/,,' | sort -u
}

our_files \( -path './arch/um-kvm/*' -o -path './host/*' -o -path './rootfs/*' \) \
	\( -name '*.[chS]' -o -path './rootfs/*' \) |
	sed 's,^arch/um-kvm/,,' | sort -u >"$W/files"
named >"$W/named"
report "not in reading-order.rst" < <(comm -23 "$W/files" "$W/named")
