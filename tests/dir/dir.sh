# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the tests of directories, after lib.sh: disk.sh, with virtiofsd and the
# program files.c where the shim runs.
#
# dir_run COMMAND [OPTION]... [-- FILE...]
#		is disk_run; "data" is an empty directory there
. "$TESTS/disk/disk.sh"

# virtiofsd, as the shim finds it, and its libraries
dir_server()
{
	local program
	program=$(PATH=$PATH:/usr/libexec:/usr/lib:/usr/lib/qemu
		command -v virtiofsd) || skip "virtiofsd is not installed"
	programs "$program"
}

dir_build()
{
	${CROSS_COMPILE-}gcc -O1 -Wall -static -o "$W/files" "$TESTS/dir/files.c" ||
		fail "files.c does not build"
	guest_file "$W/files"
}

dir_run()
{
	local guest_command=$1
	[ "${programs-}" ] || dir_server
	[ -e "$W/files" ] || dir_build
	split "${@:2}"
	disk_run "$guest_command" "${options[@]}" "${programs[@]}" -- \
		"$W/files" "${command[@]}" < <(
		echo 'rm -rf data; mkdir data'
		cat)
}
