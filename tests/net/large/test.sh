#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3600
# long
# A gigabyte in each direction, with checksums, through --net user and through a
# tap.  But from the guest Debian 12's passt carries 1.3 MB/s, of any guest
# (../versus), so there it is 40 MB.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../net.sh"

need_passt
where
bed=()
[ "$UMKVM_WHERE" != bed ] || bed=(--icount)

# A file again and again, with a number in front of each
head -c 20000000 /dev/urandom >"$W/big"
guest_file "$W/big"
repeat='i=0; while [ $i -lt $times ]; do echo $i; cat $big; i=$((i + 1)); done'
sum()	# TIMES
{
	big=$W/big times=$1 sh -c "$repeat" | md5sum | cut -d' ' -f1
}

# A listening nc has an input that does not end: the other side would see that
# end, and end too.  "times" is a word of the guest's command line.
net_guest "
	mkfifo open && exec 9<>open
	host=\$(ip route | sed -n 's/^default via \([^ ]*\).*/\1/p')
	[ \"\$host\" ] || { host=198.18.7.1; $tap_link }
	nc -l -p 82 <&9 | md5sum &
	until [ \"\$(netstat -ltn | grep :82)\" ]; do
		usleep 100000
	done
	echo ready
	wait
	big=/umkvm/big
	($repeat) | nc \$host 8883 >/dev/null
"

transfer()	# KIND TIMES-FROM-THE-GUEST ADDRESS PORT WORD...
{
	on_host "${bed[@]}" --timeout "$((1700 * ${TIMEOUT_SCALE:-1}))" \
		--file "$W/big" -- "
		big=$W/big times=50
		mkfifo open && exec 9<>open
		case $1 in tap) tap_up ;; esac
		# Debian 12's passt resets a connection whose server never says a word
		echo go >&9
		busybox nc -l -p 8883 <&9 | md5sum >up &
		start ${*:5} times=$2 --stats
		wait_for ready
		date +%s
		($repeat) | busybox nc $3 $4
		date +%s
		finish
		code=\$?
		date +%s
		echo up \$(cat up)
		exit \$code
	"
	t "$1: the guest ends in order"
	expect_status 0
	t "$1: 1 GB to the guest"
	expect_out "^$(sum 50) "
	t "$1: $(($2 * 20)) MB from the guest"
	expect_out "^up $(sum "$2")"
	t "$1: nothing was dropped"
	expect_err '^stats: device1.frames_dropped: 0$'
	grep -aE '^[0-9]{10}$' "$W/out" | xargs echo "# seconds since 1970:"
}

transfer user 2 127.0.0.1 8082 --net user,tcp=8082:82
if [ "$UMKVM_WHERE" = direct ] && [ "$(id -u)" != 0 ]; then
	t 'tap'
	skip "making a tap device needs root"
	exit
fi
transfer tap 50 198.18.7.2 82 ip=off --net tap,dev=umtap0
