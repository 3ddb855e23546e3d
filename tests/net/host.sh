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
