# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the disk tests, after lib.sh: several boots in one run of the test bed.
#
# disk_build            builds the programs into $D
# disk_run COMMAND [OPTION]... [-- FILE...]
#                       runs a shell script (standard input) where the shim
#                       runs, beside the shim, the programs and FILEs.  In it
#                       "boot WORD..." boots; the guest runs COMMAND, with blk
#                       in /umkvm and each WORD "name=value" a variable.
#                       "part NAME" begins a part of the output
# programs PROGRAM...    these, and their libraries, as --file options in $programs
# part NAME             that part, what was printed on standard error included
# part_has NAME REGEX, part_lacks NAME REGEX [SCRIPT]
#                       judge it; SCRIPT, of sed, takes away what is not judged

D=$O/disk
# For --timeout, a little less than the runner's
LIMIT=$((100 * ${TIMEOUT_SCALE:-1}))

disk_build()
{
	shared_make disk 'the programs' -C "$TESTS/disk" O="$D"
}

programs()
{
	local file
	programs=()
	for file in "$@" $(ldd "$@" | grep -o '[[:space:]]/[^ :]*' | sort -u); do
		programs+=(--file "$file")
	done
}

disk_run()
{
	local file files=() guest_command=$1
	case $UMKVM_WHERE in
	record|replay) skip "the Intel bed is too slow for it" ;;
	esac
	disk_build
	guest_file "$D/blk"
	guest_initrd "$guest_command"
	split "${@:2}"
	mkdir -p "$W/run"
	{
		cat <<'END'
cd "${0%/*}"
linux() { ./linux "$@"; }
boot() { linux initrd=rootfs.cpio,cmd.cpio con0=null,fd:1 quiet "$@"; }
part() { echo "== $1"; }
END
		cat
	} >"$W/run/all.sh"
	cp "$O/linux" "$O/rootfs.cpio" "$D/blk" "$D/nouring" "${command[@]}" "$W/run"
	cp "${initrd##*,}" "$W/run/cmd.cpio"
	for file in "$W"/run/*; do
		files+=(--file "$file")
	done
	run_host "${options[@]}" "${files[@]}" -- sh -c \
		'exec 2>&1; . "$0"' "$W/run/all.sh"
}

part()
{
	awk -v name="$1" '/^== / { on = $0 == "== " name; next } on' "$W/out"
}

part_has()
{
	grep -qaE -- "$2" < <(part "$1") ||
		{ part "$1" | tail -n 15 | sed 's/^/#   /'; fail "no '$2' in $1"; }
}

part_lacks()
{
	! part "$1" | sed -e "${3:-}" | grep -aE -- "$2" | sed 's/^/#   /' | grep . ||
		fail "'$2' in $1"
}
