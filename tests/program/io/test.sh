#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 200
# A guest as a program in a pipe: what goes in comes out, to readers that are slow
# or leave, and the command finds what its caller has.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../program.sh"

program_run --timeout "$((180 * ${TIMEOUT_SCALE:-1}))" <<'END'
{ dd if=/dev/urandom bs=1M count=4 2>/dev/null; printf '\0\r\n\377end'; } >data
part cat
(
	./linux run -- sh -c 'cat; echo "to the side" >&2; exit 5' <data 2>err
	echo "status $?" >status
) | { sleep 5; md5sum; }
md5sum <data
cat status err
part head
(./linux run -- yes 2>err; echo "status $?" >status) | head -n 1
cat status err
part closed
./linux run -- sh -c 'cat; echo "end of input"' <&-
echo "status $?"
part caller
mkdir here
cd here
umask 027
two='a
b'
VAR='x  y' ../linux run -- sh -c '
	pwd; umask; id; echo "$VAR"; printf "[%s]" "$@"; echo
	echo mine >new && cat new
	sleep 1000 & echo orphan' name 'a  b' '' '"$0' "$two"
echo "status $?"
echo "left: $(ls)."
cd ..
part rw
./linux run --rw --cpus 2 --mem 256M -- sh -c 'echo guest >here/new; nproc; true'
ls -l here
cat here/new
part root
mkdir -p top/bin
cp /bin/busybox top/bin/sh
./linux run --root top -- sh -c 'pwd; cat; echo /bin/*' <err
echo "status $?"
END

t 'standard input to standard output, to a slow reader, and a status'
[ "$(part cat | sed -n 1p)" = "$(part cat | sed -n 2p)" ] || fail 'other bytes'
part_has cat '^status 5$'
t 'standard error is apart'
part_has cat '^to the side$'
t 'a reader that leaves: SIGPIPE'
part_has head '^y$'
part_has head '^status 141$'
part_lacks head '^linux:'
t 'standard input is closed'
part_has closed '^end of input$'
part_has closed '^status 0$'
t 'directory, umask, user, environment and words are the caller'\''s'
part_has caller '/here$'
part_has caller '^0027$'
part_has caller "^uid=$([ "$UMKVM_WHERE" = bed ] && echo 0 || id -u)\>"
part_has caller '^x  y$'
part_has caller '^\[a  b\]\[\]\["\$0\]\[a$'
t 'what it writes is gone, and so is what it leaves running'
part_has caller '^mine$'
part_has caller '^orphan$'
part_has caller '^status 0$'
part_has caller '^left: \.$'
t '--rw, --cpus, --mem'
part_has rw '^2$'
part_has rw '^guest$'
t '--root'
part_has root '^/$'
part_has root '^/bin/sh$'
part_has root '^status 0$'
