#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
# --dump: the core of a guest with two CPUs that panicked, of one that lives and
# then hangs with interrupts off, and what gdb and drgn see in them.
. "${0%/*}/../../lib.sh"

need "$O/linux" "$O/vmlinux" "$O/kernel/vmlinux-gdb.py"
command -v gdb >/dev/null || skip "gdb is not installed"
guest_module "$TESTS/debug/hang"
mkdir -p "$W/run"
cp "$O/linux" "$O/rootfs.cpio" "$W/run"
# CPU 1 is busy in the kernel
guest_initrd 'taskset 2 dd if=/dev/zero of=/dev/null bs=1M & sleep 3
taskset 1 sh -c "echo c >/proc/sysrq-trigger"'
cp "${initrd##*,}" "$W/run/panic.cpio"
guest_initrd 'echo ready; read -r go; echo "$go on"; insmod /umkvm/hang.ko'
cp "${initrd##*,}" "$W/run/hang.cpio"

cat >"$W/run/all.sh" <<'END'
cd "${0%/*}"
# wait_for TEXT FILE
wait_for()
{
	tries=0
	while ! grep -q "$1" $2; do
		[ $tries -lt 600 ] || return 1
		tries=$((tries + 1))
		sleep 0.1
	done
}

./linux initrd=rootfs.cpio,panic.cpio ncpus=2 mem=64M con0=null,fd:1 \
	--dump=panic.core >panic.out 2>panic.err
echo $? >panic.status

mkfifo in
exec 3<>in
: >hang.out
: >hang.err
./linux initrd=rootfs.cpio,hang.cpio mem=64M con0=fd:0,fd:1 \
	--dump hang.core <in >hang.out 2>hang.err 3<&- &
pid=$!
wait_for ready hang.out
./linux --dump hang.core initrd=rootfs.cpio >used.out 2>used.err
kill -ABRT $pid
wait_for 'is written' hang.err
ls -ls hang.core >size
od -An -tx1 -N4 hang.core >>size
: >hang.err
echo go >&3
wait_for 'about to hang' hang.out
sleep 1
kill -ABRT $pid
wait_for 'is written' hang.err
kill -TERM $pid
wait $pid
echo $? >hang.status

mkdir small
mount -t tmpfs -o size=2M none small
./linux initrd=rootfs.cpio,panic.cpio mem=64M con0=null,fd:1 quiet \
	--dump small/core >full.out 2>full.err
echo $? >full.status
ls -l small/core >>size
umount small
tar -c panic.* hang.* full.* used.* size 
END
files=()
for file in "$W"/run/*; do
	files+=(--file "$file")
done
run_host --timeout 300 "${files[@]}" -- sh "$W/run/all.sh"
mkdir "$W/got"
tar -xf "$W/out" -C "$W/got" || fail "no result: $(tail -n 3 "$W/err")"
cd "$W/got"

# says FILE REGEX...: each is in it
says()
{
	local file=$1
	shift
	for regex; do
		grep -qaE -- "$regex" "$file" ||
			fail "no '$regex' in $file: $(head -c 300 "$file")"
	done
}

# debug CORE COMMAND...: gdb with the kernel's own scripts; output in CORE.gdb
debug()
{
	local core=$1 command words=()
	shift
	for command; do
		words+=(-ex "$command")
	done
	gdb -nx -q -batch -iex "add-auto-load-safe-path /" "$O/kernel/vmlinux" \
		"$core" "${words[@]}" >"$core.gdb" 2>&1 </dev/null || true
}

t 'a panic ends as ever, and says where the dump is'
says panic.status '^240$'
says panic.err '^linux: --dump: panic.core is written$' '^linux: ended: panic: sysrq'
t 'gdb: the registers of both CPUs'
debug panic.core 'info threads' 'thread apply all bt' lx-dmesg lx-ps \
	'thread 2' 'frame function common_interrupt' 'info symbol regs->ip'
says panic.core.gdb '^\* 1 +LWP [0-9]+ ' '^  2 +LWP [0-9]+ '
t 'gdb: one of them panicked'
says panic.core.gdb '^#.* panic \(' '^#.* sysrq_handle_crash \(' '^#.* vfs_write '
t 'gdb: the other was stopped where it was'
says panic.core.gdb '^#.* stop_this_cpu \(' '^[a-z_]+ \+ [0-9]+ in section .text'
t 'gdb: the tasks'
says panic.core.gdb '0x[0-9a-f]+ +1 +init' ' kthreadd' ' swapper/0' ' dd$'
t 'gdb: the log'
says panic.core.gdb 'Linux version 6' 'Kernel panic - not syncing: sysrq triggered crash'

t 'a guest goes on after a dump, of the size of what it has used'
says hang.out '^go on'
says size '^ 7f 45 4c 46' 'hang.core$'
read -r blocks _ _ _ _ bytes _ <size
[ "$blocks" -lt $((bytes / 1024 * 9 / 10)) ] || fail "$(head -n 1 size)"
t 'one that hangs with interrupts off is dumped as well'
says hang.err 'hang.core is written'
says hang.status '^143$'
debug hang.core "lx-symbols $W/module" bt lx-dmesg
says hang.core.gdb '^#.* hang_forever' '^#.* do_one_initcall'
says hang.core.gdb 'about to hang'

t 'a file that another guest uses'
says used.err '^linux: --dump: somebody else uses hang.core; take another name$'
t 'a full disk: one line, an empty file, the same end'
says full.status '^240$'
says full.err '^linux: --dump: cannot write small/core: No space left on device; it is empty now$'
says size ' 0 .* small/core$'

t 'drgn: the tasks, the CPUs, the log'
command -v drgn >/dev/null || skip "drgn is not installed"
cat >drgn.py <<'END'
from drgn.helpers.linux.percpu import per_cpu
from drgn.helpers.linux.pid import for_each_task
from drgn.helpers.linux.printk import get_dmesg
for task in for_each_task(prog):
    print("task", task.pid.value_(), task.comm.string_().decode())
for cpu in range(2):
    print(prog.stack_trace(per_cpu(prog["runqueues"], cpu).curr))
print(get_dmesg(prog).decode())
END
drgn -q -c panic.core -s "$O/kernel/vmlinux" drgn.py >drgn.out 2>&1 || true
says drgn.out '^task 1 init' '^#.* sysrq_handle_crash ' \
	'^#.* stop_this_cpu ' 'Kernel panic - not syncing: sysrq'
