# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For the tests of several CPUs, after lib.sh.
#
# smp_build             builds the programs into $S
# smp_cmd COMMAND [OPTION]... [-- ARG...]
#                       guest_cmd, and the kernel's log after the output, in two
#                       parts: up to the command, and since
# smp_log               judges that log: nothing went wrong in the kernel
# smp_script [OPTION]... -- ARG...
#                       runs a shell script (standard input) where the shim
#                       runs, with "$@" being the shim and its ARGs
# stat CPU NAME         a counter of --stats, from the last run
# own_exits CPU         all exits of a vCPU but nested page faults and interrupts

S=$O/guest/smp

# Lines that may say it
smp_fine='^$'
# What no kernel that is well says; once it has booted, nothing about RCU either
smp_bad='BUG|WARNING|\bstall|lockup|Oops|Call Trace|blocked for more|hung|hvc_open'
smp_bad_later="$smp_bad|RCU|rcu"

smp_build()
{
	[ "$UMKVM_WHERE" != replay ] || return 0
	shared_make smp 'the programs' -C "$TESTS/smp" O="$S"
}

smp_cmd()
{
	guest_cmd "dmesg -c >/tmp/boot
($1)
status=\$?
echo '== boot log'; cat /tmp/boot
echo '== log'; dmesg
exit \$status" "${@:2}"
}

smp_log()
{
	expect_out '^== log'
	grep -avE -- "$smp_fine" "$W/out" >"$W/all"
	awk '/^== / { part = $2 $3 } part ~ /^boot/' "$W/all" >"$W/log.boot"
	awk '/^== / { part = $2 } part == "log"' "$W/all" >"$W/log"
	if grep -aE -- "$smp_bad" "$W/log.boot" | sed 's/^/# /' | grep . ||
	   grep -aE -- "$smp_bad_later" "$W/log" | sed 's/^/# /' | grep .; then
		fail "the kernel complained"
	fi
}

smp_script()
{
	need "$O/linux"
	cat >"$W/script.sh"
	split "$@"
	run_host "${options[@]}" -- sh "$W/script.sh" "$O/linux" "${command[@]}"
}

stat()
{
	sed -n "s/^stats: cpu$1\.$2: //p" "$W/err" | grep . || echo 0
}

own_exits()
{
	echo $(($(stat "$1" exits) - $(stat "$1" pf_taken) -
		$(stat "$1" irq_exits) - $(stat "$1" irq_window_exits) -
		$(stat "$1" irq_injections)))
}
