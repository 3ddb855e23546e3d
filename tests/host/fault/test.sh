#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# Fails the Nth call of the shim to the host, for N = 1, 2, ... until none is
# left: each time one clear line and status 125, or, where the shim can do
# without (huge pages, statistics), a guest that runs as if nothing had been.
. "${0%/*}/../../lib.sh"

need "$O/linux"
make -s -C "$T/../guest" O="$W/built" || fail "the bare guests do not build"
make -s -C "$T/../../../host" O="$W/host" CROSS_COMPILE='' \
	EXTRA="$T/fault.c $T/fault.S" LDFLAGS="$(sed -n 's/^\tWRAP\t\([a-z_]*\),.*/-Wl,--wrap=\1/p' \
	"$T/fault.S" | tr '\n' ' ')" >"$W/make" 2>&1 ||
	fail "the faulty shim does not build: $(tail -n 3 "$W/make")"
mkdir -p "$W/guests"
cp "$W/host/shim" "$W/built/hello" "$W/guests"
echo archive >"$W/guests/one"

cat >"$W/guests/all.sh" <<'EOF'
cd "${0%/*}"
n=0
while [ $n -lt 400 ]; do
	n=$((n + 1))
	FAULT=$n ./shim --kernel hello initrd=one umid=fault uml_dir=. \
		mem=32M >out 2>err
	status=$?
	grep -q '^fault: ' err || break
	echo "$n $(sed -n 's/^fault: //p' err) $status $(grep -c -v '^fault: ' err)" \
		"$(grep -c '^hello' out) $(grep -v '^fault: ' err | head -n 1)"
	[ ! -e fault ] || echo "$n left its pid file behind"
done
echo "end $n"
EOF
files=()
for file in "$W"/guests/*; do
	files+=(--file "$file")
done
run_host --timeout 200 "${files[@]}" -- sh "$W/guests/all.sh"
[ "$UMKVM_WHERE" != record ] || exit 0

t "every call was made to fail"
expect_out '^end ([4-9][0-9]|[1-3][0-9][0-9])$'

t "nothing is left behind"
expect_no_out 'left its pid file'

t "each failure is one line and status 125, or does no harm"
while read -r number call status lines hello text; do
	case $status:$lines:$hello:$text in
	125:1:0:'linux: '*) ;;		# refused before the guest ran
	7:0:1:) ;;			# not needed
	242:1:*:'linux: ended: KVM internal error: KVM_RUN: '*) ;;
	*) fail "call $number, $call: status $status, $lines lines: $text" ;;
	esac
done < <(grep -E '^[0-9]+ [a-z]' "$W/out" | grep -v 'left its')
