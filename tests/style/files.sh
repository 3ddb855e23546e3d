# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the tests of this directory: TOP, the tree, and what is in it.

TOP=${TESTS%/tests}

# our_files [FIND-EXPRESSION]: files of the tree, relative to it.  No use of git,
# so that an unpacked archive can be judged too.
our_files()
{
	(cd "$TOP" && find . \( -name .git -o -path ./build -o -samefile "$O" \) \
		-prune -o -type f ! -name '*~' ! -name '.*.swp' "$@" -print) |
		sed 's,^\./,,' | LC_ALL=C sort
}

# our_scripts: whatever a shell reads
our_scripts()
{
	our_files | while read -r file; do
		case $file in
		*.sh) echo "$file" ;;
		*) ! grep -qaE '^#!.*/(ba)?sh' < <(head -c 32 "$TOP/$file" |
			head -n 1) || echo "$file" ;;
		esac
	done
}

# report TEXT <lines: fails with each line of its input.  Not at the end of a
# pipe, whose subshell would forget the failure: report TEXT < <(COMMAND)
report()
{
	local line count=0
	while read -r line; do
		echo "# $line"
		count=$((count + 1))
	done
	[ $count -eq 0 ] || fail "$1: $count"
}
