# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The part of the tests of the network that runs on the guest's host, with
# BusyBox only: $linux and $initrd are set.
# shellcheck disable=SC2154
dir=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$dir"' EXIT
cd "$dir" || exit 99

# guest WORD...: boots
guest()
{
	"$linux" "initrd=$initrd" con0=null,fd:1 quiet "$@"
}

# start WORD...: the same in the background, as $guest; its output to a file
start()
{
	"$linux" "initrd=$initrd" con0=null,fd:1 quiet "$@" >console &
	guest=$!
}

# wait_for WORD: until the guest has printed it
wait_for()
{
	until grep -q "$1" console; do
		kill -0 $guest || exit 98
		sleep 0.2
	done
}

# finish: waits for the end, prints what the guest did
finish()
{
	wait $guest
	status=$?
	cat console
	return $status
}

# serve PORT: the files of this directory over HTTP, to this host only
serve()
{
	busybox httpd -f -p "127.0.0.1:$1" -h . &
}

# get URL: prints what is there
get()
{
	busybox wget -q -O - "$1"
}

# tap_up: the tap umtap0, on it a server for this directory, and a file "big"
tap_up()
{
	busybox tunctl -t umtap0 >/dev/null
	busybox ifconfig umtap0 198.18.7.1 netmask 255.255.255.0 up
	dd if=/dev/urandom of=big bs=1M count=20 2>/dev/null
	busybox httpd -f -p 198.18.7.1:8888 -h . &
}

# tap_sums: of what the guest has got, and of what it has; then it may end
tap_sums()
{
	echo "down on the host: $(md5sum <big)"
	echo "up on the host: $(get http://198.18.7.2/big | md5sum)"
	busybox nc -w 1 198.18.7.2 81 </dev/null
}
