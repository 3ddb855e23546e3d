# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the tests of this directory, after lib.sh.
#
# kselftest_build       builds the selftests in $K
# kselftest_list [FILE]         the tests, as runner reads them; those that FILE
#                               names, "COLLECTION:TEST" a line, or all
# kselftest_boot SIDE LIST      runs them in one boot of SIDE: "here", um-kvm
#                               ($UMKVM, a build directory), or "stock", arch/x86
#                               in QEMU with KVM; leaves $status, $W/out, $W/err
# kselftest_run SIDE LIST DIR   the same, a boot for each collection, and one more
#                               for what follows a test that ended the guest or
#                               made it silent; leaves DIR/COLLECTION.  What is
#                               there already and younger than the kernel stays.
# compare.py reads what they leave.

. "$TESTS/stock.sh"

K=$O/selftests
UMKVM=$O
ksrc=${KSRC:-$O/source}

# Memory of L1 and of the guest, in MiB: it holds the selftests, too
mem_l1=1024 mem=640 ncpus=1

kselftest_build()
{
	need "$ksrc"
	shared_make selftests 'the selftests' -j"$(nproc)" -C "$TESTS/kselftest" \
		O="$K" KSRC="$ksrc" all
}

# The name that runner gives to a line of the list, as a function of awk
# shellcheck disable=SC2016
names='
function name(    s, i)
{
	for (i = 3; i <= NF; i++)
		s = s (i > 3 ? "_" : "") $i
	gsub("/", "_", s)
	return $1 ":" s
}
'

kselftest_list()
{
	awk "$names"'
	FILENAME == chosen { if (NF && $1 !~ /^#/) names[$0]; next }
	chosen == "" || name() in names' \
		"chosen=${1:-}" ${1:+"$1"} "$K/tree/kselftest/list"
}

# Packs the collections of LIST
kselftest_initrd()	# LIST
{
	(cd "$K/tree" && awk '{ print "kselftest/" $1 }' "$1" | sort -u |
		xargs find bin sbin lib lib64 kselftest/kselftest kselftest/runner |
		awk -F/ '{ for (i = 1; i <= NF; i++) {
			path = i == 1 ? $1 : path "/" $i; print path } }' |
		LC_ALL=C sort -u | cpio -o -H newc -R 0:0 --quiet) >"$W/selftests.cpio"
	guest_file "$1" /kselftest/chosen
	guest_initrd 'mount -t debugfs debugfs /sys/kernel/debug
/kselftest/runner </kselftest/chosen'
}

here_boot()
{
	start_host ${ICOUNT:+--icount} --mem "$mem_l1" -- "$UMKVM/linux" \
		"initrd=$UMKVM/rootfs.cpio,$W/selftests.cpio,${initrd#*,}" \
		"mem=${mem}M" "ncpus=$ncpus" con0=null,fd:1 quiet
}

stock_boot()
{
	local files
	stock_initrd "$W/stock.cpio" "$UMKVM/rootfs.cpio" "$W/selftests.cpio" \
		"$STOCK/modules.cpio" "${initrd#*,}"
	stock_qemu "$mem" "$ncpus" "$STOCK/arch/x86/boot/bzImage" "$W/stock.cpio"
	mapfile -t files < <(qemu_files)
	start_host ${ICOUNT:+--icount} --mem "$mem_l1" "${files[@]}" -- "${qemu[@]}"
}

# runner writes at the begin and the end of each test, which it ends at its limit
kselftest_boot()	# SIDE LIST
{
	local silence
	silence=$((($(awk '$2 > max { max = $2 } END { print max }' "$2") + 120) *
		${TIMEOUT_SCALE:-1}))
	kselftest_initrd "$2"
	"$1_boot" </dev/null
	while kill -0 "$pid" 2>/dev/null; do
		sleep 1
		[ $(($(date +%s) - $(stat -c %Y "$W/out"))) -lt "$silence" ] ||
			kill "$pid" 2>/dev/null || :
	done
	wait_linux
}

# Boots until the last test of $W/rest has been started
run_collection()	# SIDE
{
	local last
	while [ -s "$W/rest" ]; do
		kselftest_boot "$1" "$W/rest"
		sed 's/\r$//' "$W/out"
		! grep -q '^@ end' "$W/out" || return 0
		last=$(sed -n 's/\r$//; s/^@ start //p' "$W/out" | tail -n 1)
		tail -n 3 "$W/err" | sed 's/^/# /'
		[ "$last" ] || return 0
		echo "# the guest ended in $last, status $status"
		awk -v "last=$last" "$names"'
			behind
			name() == last { behind = 1 }' "$W/rest" >"$W/rest.new"
		mv "$W/rest.new" "$W/rest"
	done
	echo '@ end'
}

kselftest_run()		# SIDE LIST DIR
{
	local collection output kernel=$UMKVM/linux
	[ "$1" = here ] || kernel=$STOCK/arch/x86/boot/bzImage
	for collection in $(awk '{ print $1 }' "$2" | uniq); do
		output=$3/${collection//\//_}
		if [ "$output" -nt "$kernel" ] && [ "$output" -nt "$K/tree/.made" ]; then
			continue
		fi
		mkdir -p "$3"
		awk -v "c=$collection" '$1 == c' "$2" >"$W/rest"
		run_collection "$1" >"$output.part"
		grep -q '^@ end' "$output.part" || {
			sed 's/^/# /' "$output.part"
			fail "$collection does not start"
			continue
		}
		mv "$output.part" "$output"
	done
}
