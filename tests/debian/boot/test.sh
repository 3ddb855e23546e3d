#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# long
# build/debian.ext4 (make debian) from the login prompt to power off: systemd is
# content, apt installs a package from a server on the host's loopback, "linux
# shell" finds shelld, fio reads what it wrote, the file system is sound afterwards.
. "${0%/*}/../../lib.sh"
PATH=$PATH:/usr/sbin:/sbin
need "$O/linux" "$O/debian.ext4"
command -v passt >/dev/null || skip "passt is not installed"
SLOW=$((300 * ${TIMEOUT_SCALE:-1}))

# A repository of one package without dependencies, as a flat directory
make_repository()
{
	mkdir -p "$W/repo" "$W/package/DEBIAN" "$W/package/usr/bin"
	printf '#!/bin/sh\necho "from the package"\n' >"$W/package/usr/bin/umkvm-hello"
	chmod 755 "$W/package/usr/bin/umkvm-hello"
	printf '%s\n' 'Package: umkvm-hello' 'Version: 1' 'Architecture: all' \
		'Maintainer: nobody <nobody@localhost>' 'Description: a test' \
		>"$W/package/DEBIAN/control"
	dpkg-deb --root-owner-group -b "$W/package" "$W/repo/hello.deb" >/dev/null
	{
		cat "$W/package/DEBIAN/control"
		echo "Filename: ./hello.deb"
		echo "Size: $(stat -c %s "$W/repo/hello.deb")"
		echo "SHA256: $(sha256sum <"$W/repo/hello.deb" | cut -d ' ' -f 1)"
	} >"$W/repo/Packages"
}

# type LINE: to the guest's console.  Its shell neither echoes nor prompts, so a
# line of output begins where a line begins
type()
{
	echo "$1" >&3
}

# The bed may need minutes for what systemd gives a minute and a half
be_patient()
{
	printf '%s\n' '[Manager]' DefaultTimeoutStartSec=30min DefaultTimeoutStopSec=30min \
		DefaultDeviceTimeoutSec=30min >"$W/patience"
	printf '%s\n' 'mkdir /etc/systemd/system.conf.d' \
		"write $W/patience /etc/systemd/system.conf.d/test.conf" |
		debugfs -w -f - "$W/disk" >/dev/null 2>&1
}

# boot: in the background; the image, its console's input as descriptor 3, and
# where the shim runs the server and "linux shell", which asks until there is one
boot()
{
	cp --sparse=always "$O/debian.ext4" "$W/disk"
	be_patient
	mkfifo "$W/in"
	exec 3<>"$W/in"
	start_host --timeout "$((3 * SLOW))" --drive "$W/disk" --file "$O/linux" \
		--file "$W/repo/Packages" --file "$W/repo/hello.deb" -- sh -c "
		busybox httpd -p 127.0.0.1:8899 -h '$W/repo'
		until text=\$('$O/linux' shell uml_dir=. debian \
			'cat /etc/hostname; id -u' </dev/null 2>&1); do sleep 5; done &&
			echo \"shell said:\" \$text &
		exec '$O/linux' umid=debian uml_dir=. --vsock mem=384M \
			ubd0='$W/disk' --net user quiet systemd.service_watchdogs=0" <"$W/in"
}

make_repository
boot

t 'systemd boots to a login prompt'
wait_out 'login: ' "$SLOW"
type root
wait_out 'root@debian:' "$SLOW"
# The line editor of bash writes sequences into the line that comes next
type "exec env PS1= PS2= sh"
type "stty -echo; printf '\n%s\n' ready"
wait_out '^ready' "$SLOW"

t 'systemctl is-system-running says running'
type 'echo "state: $(systemctl is-system-running --wait)"'
wait_out '^state: ' "$SLOW"
expect_out '^state: running'
type 'systemctl --failed --no-pager --plain --no-legend | sed "s/^/failed unit: /"'
type 'systemd-analyze --no-pager; uname -r; lsmod | sed 1d | head -3'

t 'apt gets a package from the loopback of the host'
type 'gateway=$(ip route | sed -n "s/^default via \([^ ]*\).*/\1/p")'
type 'rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*'
type 'echo "deb [trusted=yes] http://$gateway:8899/ ./" >/etc/apt/sources.list'
type 'apt-get -q update; apt-get -q install -y umkvm-hello; echo "apt: $?"'
wait_out '^apt: ' "$SLOW"
expect_out '^apt: 0'
type 'umkvm-hello | sed "s/^/hello: /"; echo "hello ends"'
wait_out '^hello ends' "$SLOW"
expect_out '^hello: from the package'

t 'linux shell runs a command'
wait_out '^shell said: ' "$SLOW"
expect_out '^shell said: debian 0'

t 'fio reads what it wrote'
type 'fio --name=verify --filename=/var/tmp/fio --size=16M --rw=randwrite \'
type '--bs=16k --direct=1 --ioengine=libaio --iodepth=8 --verify=crc32c \'
type '--eta=never --output=/run/fio; echo "fio: $?"; cat /run/fio'
wait_out '^fio: ' "$SLOW"
expect_out '^fio: 0'

t 'the modules of this kernel are in the image'
type 'modprobe -v loop; echo "modprobe: $?"'
wait_out '^modprobe: ' "$SLOW"
expect_out '^modprobe: 0'

t 'systemctl poweroff ends with 0'
type 'systemctl poweroff'
wait_linux
expect_status 0

t 'the file system is sound'
e2fsck -fn "$W/disk" >"$W/fsck" 2>&1 || fail "$(tail -n 5 "$W/fsck")"
[ "$result_ok" != ok ] || rm -f "$W/disk"
