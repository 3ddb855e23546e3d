#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# intel
# All suites in one boot, their cases reported one by one; then the leak check.
# GUEST='SUITE...' in the environment chooses, NCPUS=N gives the guest as many
# CPUs (tests/smp/suite).  The Intel bed interprets every
# instruction, so it gets what depends on the CPU, with shorter loops.
. "${0%/*}/../../lib.sh"
. "${0%/*}/../build.sh"

kernel=
[ ! -e "$O/kernel/Module.symvers" ] || kernel=$O/kernel
guest_build "$kernel"

for file in guest-tests fpinit dynamic ${kernel:+guest_probe.ko}; do
	guest_file "$O/guest/$file"
done
cc=${CROSS_COMPILE:-}gcc
guest_file "$($cc -print-file-name=ld-linux-x86-64.so.2)" \
	/lib64/ld-linux-x86-64.so.2
for file in libc.so.6 libm.so.6; do
	guest_file "$($cc -print-file-name=$file)" "/lib/x86_64-linux-gnu/$file"
done

run='UMKVM=1 /umkvm/guest-tests run-all'
case $UMKVM_WHERE in
record|replay)
	guest_cmd "TAP_SLOW=20 $run --no-leak ${GUEST:-exception mathfault \
privileged pagefault syscall sigreturn sigframe fsgs fpu compatmode debugreg \
ptracefp tlb vdso}" ;;
*)
	guest_cmd "TAP_SLOW=${TAP_SLOW:-1} $run ${GUEST:-}" --timeout 280 -- "ncpus=${NCPUS:-1}" ;;
esac
[ "$UMKVM_WHERE" != record ] || exit 0

cat "$W/out"
if ! grep -q '^1\.\.' "$W/out"; then
	tail -n 30 "$W/err"
	fail "the guest ended (status $status) in the case after the last line"
fi
expect_status 0
