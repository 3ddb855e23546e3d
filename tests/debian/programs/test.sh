#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 21600
# long
# Programs of Debian in a guest with one CPU, and with four: each file of "cases"
# runs in a boot of its own on an image with them, which is made first, and judges
# itself.  NCPUS='1 4' and CASES='gcc python:test_os ...' choose.  SIDE=native runs
# them on the bed's own Linux, arch/x86 on the same processor: what fails there, too,
# says nothing about the guest.
. "${0%/*}/../../lib.sh"
PATH=$PATH:/usr/sbin:/sbin
P=$O/programs
side=${SIDE:-guest}

# They are not Debian's own choice of "everything": the image takes minutes
packages=python3,libpython3.11-testsuite,perl,gcc,libc6-dev,gdb,strace,openssl
packages+=,openjdk-17-jre-headless,nodejs,golang-go,netbase

# Seconds that a case may take, in the bed; each one with room for a busy host
cases='
gcc 300
gdb 600
strace 300
openssl 600
sqlite 900
java 1800
node 900
go 1800
perl 7200
python:test_float 300
python:test_time 600
python:test_signal 900
python:test_threading 1800
python:test_mmap 600
python:test_select 600
python:test_os 1200
python:test_posix 600
python:test_subprocess 2400
python:test_socket 1800
python:test_multiprocessing_spawn 7200
python:test_asyncio 7200
'

# Of the kernel's modules none is on it, for it shall outlive kernels
image()
{
	mkdir -p "$P"
	shared_make image 'the image' -C "$TESTS/../rootfs" O="$P" SIZE=3G \
		PACKAGES="$packages" debian
}

# perl's own tests are in its source only
perl_source()
{
	[ ! -e "$P/perl.tar" ] || return 0
	"$T/perl-source" "$P/perl.tar" >"$W/perl.log" 2>&1 ||
		skip "no source of perl: $(tail -n 1 "$W/perl.log")"
}

# The files of a case, as one archive for both sides
pack()		# CASE
{
	rm -rf "$W/work"
	mkdir -p "$W/work"
	cp -r "$T/enter" "$T/cases" "$T/src" "$T"/*.skip "$W/work"
	[ "$1" != perl ] || cp "$P/perl.tar" "$W/work"
	tar -C "$W/work" --owner=0 --group=0 -cf "$W/case.tar" .
}

# Memory of L1 and of the guest
mem_l1=3072 mem=2048

run_guest()	# SECONDS CASE-AND-ARGUMENTS
{
	guest_file "$W/case.tar"
	guest_cmd "modprobe overlay && mkdir /work && tar -x -C /work -f /umkvm/case.tar &&
		exec /work/enter /dev/vda $2" --timeout "$1" --mem "$mem_l1" \
		--drive "$P/debian.ext4" -- mem="${mem}M" ncpus="$ncpus" \
		ubd0r="$P/debian.ext4"
}

# On the bed's own Linux, with as many CPUs, as the bed can have them
run_native()	# SECONDS CASE-AND-ARGUMENTS
{
	local module
	module=$(find "$O/bed/pkg/lib/modules" -name 'overlay.ko*')
	run_host --timeout "$1" --mem "$mem_l1" --smp "$ncpus" --turns \
		--drive "$P/debian.ext4" --file "$W/case.tar" --file "$module" -- \
		sh -c "insmod $module; mkdir /work && tar -x -C /work -f $W/case.tar &&
		exec /work/enter $P/debian.ext4 $2"
}

run_case()	# CASE SECONDS
{
	local words=${1/:/ }
	t "$1, $ncpus CPU$([ "$ncpus" = 1 ] || echo s)"
	[ "$1" != perl ] || perl_source
	[ "$result_text" ] || return 0
	pack "$1"
	"run_$side" $(($2 * ${TIMEOUT_SCALE:-1})) "$words"
	mkdir -p "$P/$side-$ncpus"
	tr -d '\r' <"$W/out" >"$P/$side-$ncpus/$1"
	expect_status 0
	expect_out '^@ status 0'
	tail -n 5 "$P/$side-$ncpus/$1" | sed 's/^/# /'
}

# What "enter" said at the end, with one CPU and with four
result()	# NCPUS CASE
{
	local output=$P/$side-$1/$2
	[ -e "$output" ] || { echo 'not run'; return; }
	sed -n 's/^@ status 0 seconds \(.*\)/passed, \1 s/p; s/^@ status [1-9].*/failed/p' \
		"$output" | grep . || echo failed
}

# All results that there are, as specification.rst has them
table()
{
	local name limit
	printf '%s\n' '.. list-table::' '   :header-rows: 1' '' '   * - program' \
		'     - 1 vCPU' '     - 4 vCPUs'
	while read -r name limit; do
		[ ! "$name" ] || printf '%s\n' "   * - $name" \
			"     - $(result 1 "$name")" "     - $(result 4 "$name")"
	done <<<"$cases"
}

need "$O/linux" "$O/rootfs.cpio"
t 'the image'
image
for ncpus in ${NCPUS:-1 4}; do
	while read -r name limit <&3; do
		[ "$name" ] || continue
		[[ " ${CASES-$name} " != *" $name "* ]] || run_case "$name" "$limit"
	done 3<<<"$cases"
done
table >"$P/table-$side.rst"
echo "# the table is $P/table-$side.rst"
