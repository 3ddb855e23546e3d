# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# crash_test KILLS: for tests/disk/crash and crash-long, after disk.sh.  The shim
# is killed while the guest writes records, each one synced and then reported;
# the next guest replays the journal, and finds each record that was reported.

crash_test()
{
	local kills=$1
	mke2fs -q -t ext4 -O ^resize_inode "$W/fs" 24M >/dev/null
	disk_run '
dmesg -n 1
mount -t ext4 /dev/vda /mnt || exit 20
dmesg | grep -o "recovery complete"
dmesg | grep -E "EXT4-fs (error|warning)" && exit 21
[ "$from" = 0 ] || /umkvm/blk verify /mnt $from || exit 22
[ "$do" = verify ] || /umkvm/blk load /mnt $from
umount /mnt
exit 0' --timeout "$((LIMIT * kills / 3))" -- "$W/fs" <<END
from=0
for kill in \$(seq $kills); do
	part "kill \$kill"
	rm -f out
	# Not a function, or another process than the shim would be killed
	./linux initrd=rootfs.cpio,cmd.cpio con0=null,fd:1 quiet ubd0=fs \
		do=load from=\$from >out 2>&1 &
	pid=\$!
	tries=0
	until grep -q synced out || [ \$((tries += 1)) = 600 ]; do sleep 0.1; done
	usleep \$((kill * 137 % 700 + 300))000
	kill -9 \$pid
	wait \$pid
	# The last line may be half of one
	[ ! "\$(tail -c 1 out)" ] || sed -i '\$d' out
	grep -v synced out
	last=\$(sed -n 's/^synced \([0-9]*\).*/\1/p' out | tail -n 1)
	echo "from \$from to \$last"
	from=\$((last + 1))
done
part verify
boot ubd0=fs do=verify from=\$from
echo "status \$?"
END
	local kill
	for kill in $(seq "$kills"); do
		t "kill $kill"
		part_has "kill $kill" '^from [0-9]* to [0-9]+$'
		part_lacks "kill $kill" 'blk:|error'
		[ "$kill" = 1 ] || part_has "kill $kill" '^recovery complete'
		[ "$kill" = 1 ] || part_has "kill $kill" '^[1-9][0-9]* records'
	done
	t 'all records are there'
	part_has verify '^recovery complete'
	part_has verify '^[1-9][0-9]* records'
	part_has verify '^status 0'
}
