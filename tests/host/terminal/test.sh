#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 120
# The terminal's mode: raw while a guest has it, as it was before when the
# shim is stopped and after its end, whatever ends it.  Bytes that would be
# signals in another mode reach the guest.
. "${0%/*}/../../lib.sh"

command -v script >/dev/null || skip "script (bsdutils) is not installed"
need "$O/linux"
make -s -C "$T/../guest" O="$W/guests" || fail "the bare guests do not build"
cp "$O/linux" "$W/guests/shim"

cat >"$W/guests/tty.sh" <<'EOF'
cd "${0%/*}"
exec 3<&0
mode()	# WORD: prints whether the terminal has signals, echo and new lines
{
	echo "$1: $(stty -a <&3 2>/dev/null | tr ' ;' '\n\n' |
		grep -xE -- '-?(isig|echo|opost)' | tr '\n' ' ')"
}
mode before
(
	sleep 1
	mode running
	kill -QUIT $(pidof shim)
	sleep 1
	kill -TSTP $(pidof shim)
	sleep 1
	mode stopped
	kill -CONT $(pidof shim)
	sleep 1
	mode continued
	kill -HUP $(pidof shim)
) &
./shim --kernel abuse abuse=spin
echo "status $?"
mode 'after SIGHUP'
for abuse in panic triple-fault wild halt; do
	./shim --kernel abuse abuse=$abuse
	mode "after $abuse"
done
./shim --kernel console
echo "status $?"
mode 'after console'
EOF

files=() command=()
for file in "$W"/guests/*; do
	files+=(--file "$file")
done
case $UMKVM_WHERE in
record|replay) skip "needs a live machine" ;;
esac
full_command --timeout 60 "${files[@]}" -- sh "$W/guests/tty.sh"

# The console guest ends at ^D; what is typed before the shim runs waits for it
{
	sleep 1
	for _ in $(seq 400); do
		grep -qa 'port 1 name' "$W/typescript" 2>/dev/null && break
		sleep 0.1
	done
	printf 'x\003\032\034y\004'
	sleep 3
} | script -qec "${command[*]@Q}" "$W/typescript" >/dev/null 2>&1 || true
tr -d '\r' <"$W/typescript" >"$W/out"
: >"$W/err"

sees()	# TEXT REGEX
{
	t "$1"
	expect_out "$2"
}
sees "as it is before" '^before: opost isig echo'
sees "raw while the guest runs" '^running: -opost -isig -echo'
sees "SIGQUIT prints registers" 'vCPU 0: rip ffffffff80'
sees "SIGQUIT prints the last lines" 'last lines of the console'
sees "restored by SIGTSTP" '^stopped: opost isig echo'
sees "raw again by SIGCONT" '^continued: -opost -isig -echo'
sees "restored by SIGHUP" '^after SIGHUP: opost isig echo'
for abuse in panic triple-fault wild halt console; do
	sees "restored after $abuse" "^after $abuse: opost isig echo"
done
sees "control characters are bytes" $'x\003\032\034y'
t "nothing is left raw"
expect_no_out '^(before|stopped|after.*): .*-(isig|opost|echo)'
