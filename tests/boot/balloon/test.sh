#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 180
# --balloon: what the guest has used and freed goes back to the host; and what
# comes back to the guest is zero, not what was there.
. "${0%/*}/../../lib.sh"

need "$O/linux"
# 20 s: each CPU keeps freed pages at hand and gives up an eighth of them a second
# (decay_pcp_high() of the kernel), and only whole blocks of 2 MiB are reported.
guest_initrd 'mkdir /tmp/fs; mount -t tmpfs tmpfs /tmp/fs
dd if=/dev/urandom of=/tmp/fs/big bs=1M count=60 2>/dev/null
md5sum /tmp/fs/big; echo filled; sleep 2
rm /tmp/fs/big; sleep 20; echo freed; sleep 2
dd if=/dev/zero of=/tmp/fs/big bs=1M count=60 2>/dev/null
md5sum </tmp/fs/big'

# counters WHEN: of the running shim, after the guest has said so
cat >"$W/run.sh" <<EOF
$O/linux initrd=$initrd "\$@" --stats con0=null,fd:1 quiet >/tmp/out 2>/tmp/err </dev/null &
pid=\$!
for when in filled freed; do
	while ! grep -q \$when /tmp/out; do sleep 1; done
	: >/tmp/err
	kill -USR1 \$pid
	sleep 1
	sed -n "s/^stats: guest_memory_kb: /\$when /p" /tmp/err
done
wait \$pid
echo "status \$?"
cat /tmp/out
EOF
boot()	# ARG...: sets filled, freed, in MiB
{
	run_host --timeout 60 --file "$O/linux" --file "$O/rootfs.cpio" \
		--file "${initrd#*,}" -- sh "$W/run.sh" "$@"
	expect_out '^status 0$'
	filled=$(($(sed -n 's/^filled \([0-9]\)/\1/p' "$W/out") / 1024))
	freed=$(($(sed -n 's/^freed \([0-9]\)/\1/p' "$W/out") / 1024))
	echo "# $filled MiB with the file, $freed MiB without"
}

t 'with it memory goes back to the host'
boot --balloon
expected 'too little was given back' [ $((filled - freed)) -ge 45 ]
expect_out "^$(head -c 60M /dev/zero | md5sum | cut -d' ' -f1)"

t 'without it none does'
boot
expected 'memory was given back' [ $((filled - freed)) -lt 10 ]
