# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the tests of "linux run", after lib.sh.
#
# program_run [OPTION]... [-- FILE...]
#		runs a shell script (standard input) where the shim runs, beside
#		the shim and FILEs, with virtiofsd; in it "part" as in disk.sh
. "$TESTS/dir/dir.sh"

program_run()
{
	local file files=()
	case $UMKVM_WHERE in
	record|replay) skip "the Intel bed is too slow for it" ;;
	esac
	need "$O/linux"
	[ "${programs-}" ] || dir_server
	split "$@"
	mkdir -p "$W/run"
	{
		cat <<'END'
cd "${0%/*}"
part() { echo "== $1"; }
END
		cat
	} >"$W/run/all.sh"
	cp "$O/linux" "${command[@]}" "$W/run"
	for file in "$W"/run/*; do
		files+=(--file "$file")
	done
	run_host "${options[@]}" "${programs[@]}" "${files[@]}" -- sh -c \
		'exec 2>&1; . "$0"' "$W/run/all.sh"
}
