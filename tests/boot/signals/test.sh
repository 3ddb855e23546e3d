#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
# SIGTERM, SIGINT, SIGHUP at any moment of a boot: 128 + n, one line, nothing
# left behind.  The moments are delays in 10 ms from the start of the process,
# past its end at last, where the guest's own status is right as well.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../boot.sh"

boot_init
need "$O/linux"
mkdir -p "$W/run"
cp "$O/linux" "$W/init.cpio" "$W/run"
cat >"$W/run/all.sh" <<'END'
cd "${0%/*}"
delay=0
for signal in TERM INT HUP TERM INT HUP TERM INT HUP TERM INT HUP \
	TERM INT HUP TERM INT HUP TERM INT HUP TERM INT HUP; do
	./linux initrd=init.cpio quiet do=silent umid=s uml_dir=. >out 2>err &
	pid=$!
	usleep $((delay * 10000))
	kill -$signal $pid
	wait $pid
	code=$?
	[ ! -e s ] || echo "the pid file is left"
	rm -rf s
	echo "SIG$signal after $delay: $code $(grep -c . err) $(grep -c . out) $(head -n 1 err)"
	delay=$((delay + 1 + delay / 4))
done
END
run_host --timeout 200 --file "$W/run/all.sh" --file "$W/run/linux" \
	--file "$W/run/init.cpio" -- sh "$W/run/all.sh"
cat "$W/out"

t 'all were sent'
[ "$(grep -c '^SIG' "$W/out")" = 24 ] || fail "$(tail -n 3 "$W/err")"
t 'nothing is left'
expect_no_out 'is left'
t 'each ends with its status and one line, or before the signal'
declare -A number=([INT]=130 [TERM]=143 [HUP]=129)
inside=0 outside=0
while read -r signal _ delay code lines printed text; do
	signal=${signal#SIG}
	case $code:$lines:$printed:$text in
	"${number[$signal]}:1:0:linux: ended: signal: SIG$signal")
		inside=$((inside + 1)) ;;
	# Before the shim has blocked it, and after the guest's end
	"${number[$signal]}:0:0:") outside=$((outside + 1)) ;;
	0:0:0:) outside=$((outside + 1)) ;;
	*) fail "SIG$signal after $delay status $code, $lines lines: $text" ;;
	esac
done < <(grep '^SIG' "$W/out")
echo "# $inside while the guest ran, $outside before or after"
t 'most of them came while the guest ran'
[ "$inside" -ge 8 ] || fail "only $inside"
