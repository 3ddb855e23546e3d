#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the Makefile refuses, it names, with the remedy, before it builds.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../make.sh"
BUILD=$W/build
mkdir -p "$BUILD"
touch "$BUILD/.packages"

t 'KSRC= without a kernel tree'
run_make KSRC="$W/nowhere" farm
expect_status 2
expect_err "KSRC: $W/nowhere is no kernel tree, .* needs Linux 6\.12"

t 'KSRC= of another version'
mkdir -p "$W/linux"
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n' >"$W/linux/Makefile"
run_make KSRC="$W/linux" farm
expect_status 2
expect_err "KSRC: $W/linux is 6\.1, this port needs Linux 6\.12"

t 'KSRC= that was built in'
sed -i 's/= 1$/= 12/' "$W/linux/Makefile"
mkdir -p "$W/linux/include/config" "$W/linux/arch/x86"
touch "$W/linux/include/config/auto.conf"
run_make KSRC="$W/linux" farm
expect_status 2
expect_err 'make mrproper'

t 'KSRC= as a symbolic link'
rm "$W/linux/include/config/auto.conf"
mkdir -p "$W/linux/kernel" "$W/linux/arch/arm"
ln -s linux "$W/link"
run_make KSRC="$W/link" farm
expect_status 0
[ -d "$BUILD/farm/kernel" ] && [ -d "$BUILD/farm/arch/arm" ] ||
	fail "the farm has no links to the tree"

t 'a path with a space'
BUILD="$W/a b" run_make farm
expect_status 2
expect_err 'may contain spaces'

t 'packages that are missing, without root'
tree=$W/tree
mkdir -p "$tree/tests" "$W/bin" "$BUILD/2"
ln -s "$TOP"/[KM]* "$TOP/arch" "$TOP/rootfs" "$tree"
echo 'umkvm-no-such-package # of this test' >"$tree/tests/packages"
printf '#!/bin/sh\necho 1000\n' >"$W/bin/id"
chmod +x "$W/bin/id"
status=0
PATH=$W/bin:$PATH make -f "$tree/Makefile" -C "$tree" O="$BUILD/2" farm \
	>"$W/out" 2>"$W/err" || status=$?
if command -v dpkg-query >/dev/null; then
	expect_status 2
	expect_err '^apt-get install --no-install-recommends umkvm-no-such-package$'
else
	skip "no dpkg"
fi

t 'help names each variable and goal'
run_make help
expect_status 0
for word in all run check check-intel menuconfig clean O= KSRC= CMD= ARGS= V=1; do
	expect_out "$word"
done
