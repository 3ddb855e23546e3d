#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 180
# What users and hosts get wrong: each is a line "TEXT|STATUS|stderr|SHELL", and
# has to end in one line that matches, with that status.  And what a host can
# see of the process while a guest runs.
. "${0%/*}/../../lib.sh"

need "$O/linux"
G=$W/guests
make -s -C "$T/../guest" O="$G" || fail "the bare guests do not build"
cp "$O/linux" "$G/shim"
head -c 100 "$G/hello" >"$G/short"
head -c 4000 "$G/hello" >"$G/truncated"
echo 'no kernel' >"$G/text"
cp /bin/true "$G/program"
: >"$G/empty"
truncate -s 40M "$G/sparse"
gzip -c "$G/hello" >"$G/compressed"

# "linux" is the shim with the hello guest, which ends with 7
cases=$(sed 's/^[[:blank:]]*//; /^$/d' <<'EOF'
	kernel missing|125|^linux: cannot open kernel: nowhere: No such file|./shim --kernel nowhere
	kernel a directory|125|^linux: cannot read kernel: \.: not a regular file|./shim --kernel .
	kernel a FIFO|125|^linux: .*not a regular file|mkfifo p; ./shim --kernel p
	kernel empty|125|^linux: .*empty: the file is empty|./shim --kernel empty
	kernel not ELF|125|^linux: .*text: not an ELF file|./shim --kernel text
	kernel compressed|125|^linux: .*not an ELF file; use vmlinux|./shim --kernel compressed
	kernel truncated in its headers|125|^linux: .*short: truncated ELF|./shim --kernel short
	kernel truncated in its text|125|^linux: .*truncated: truncated ELF|./shim --kernel truncated
	a program is no kernel|125|^linux: .*program: |./shim --kernel program
	wrong ABI version|125|^linux: .*ABI version 999|./shim --kernel other-version
	initrd missing|125|^linux: cannot open initrd: nowhere: No such file|linux initrd=nowhere
	initrd empty|125|^linux: .*empty: the file is empty|linux initrd=empty
	second initrd missing|125|^linux: cannot open initrd: nowhere|linux initrd=text,nowhere
	initrd larger than memory|125|^linux: mem=32768K: too small; the kernel and the initrd need at least mem=43M|linux mem=32M initrd=sparse
	dump nowhere|125|^linux: --dump: cannot open nowhere/core: No such file|linux --dump nowhere/core
	dump a directory|125|^linux: --dump: cannot open \.: |linux --dump=.
	dump not regular|125|^linux: --dump: /dev/null is not a regular file|linux --dump /dev/null
	dump without a name|125|^linux: --dump: the name of a file is missing|linux --dump=
	mem=0|125|^linux: mem=0: too small|linux mem=0
	mem=1K|125|^linux: mem=1K: too small|linux mem=1K
	mem=9999T|125|^linux: mem=9999T: too large|linux mem=9999T
	mem=abc|125|^linux: mem=abc: not a size|linux mem=abc
	unknown option|125|^linux: --frobnicate: unknown option; see linux --help|linux --frobnicate
	no CPU|125|^linux: ncpus=0: not a number of CPUs from 1 to 64|linux ncpus=0
	fewer CPUs than none|125|^linux: ncpus=-1: not a number of CPUs|linux ncpus=-1
	65 CPUs|125|^linux: ncpus=65: not a number of CPUs|linux ncpus=65
	CPUs in letters|125|^linux: ncpus=abc: not a number of CPUs|linux ncpus=abc
	watchdog of no time|125|^linux: --watchdog 0: not a number of seconds from 1 to 86400|linux --watchdog 0
	watchdog in letters|125|^linux: --watchdog soon: not a number|linux --watchdog soon
	watchdog of a day and a second|125|^linux: --watchdog 86401: not a number|linux --watchdog=86401
	no such channel|125|^linux: con1=xterm: not a channel; this version knows null|linux con1=xterm
	console 8|125|^linux: con8=: consoles are con0 to con7|linux con8=pty
	too many consoles|125|^linux: ssl0=null: more than 8 consoles|linux con=null ssl0=null
	two read standard input|125|^linux: con1=fd:0: con0 reads fd:0 already|linux con1=fd:0
	a descriptor that is not open|125|^linux: con1=fd:9: descriptor 9 is not open|linux con1=fd:9
	a TCP port in use|125|^linux: ssl0=port:7777: Address already in use; take another|linux con1=port:7777 ssl0=port:7777
	a unix socket in use|125|^linux: con2=unix:u: Address already in use; take another|linux con1=unix:u con2=unix:u
	a unix socket where a file is|125|^linux: con1=unix:text: Address already in use; take another|linux con1=unix:text
	a file for a console in no directory|125|^linux: con1=file:no/where: No such file|linux con1=file:no/where
	the socket of a console goes at the end|0||linux con1=unix:s; [ $? = 7 ] && [ ! -e s ]
	command line too long|125|^linux: .*command line is too long|linux $(seq 1000)
	umid with a slash|125|^linux: umid=a/b: |linux umid=a/b
	umid without a home|125|^linux: umid=x: .HOME is not set; give uml_dir=|HOME= linux umid=x
	umid in a place that is not there|125|^linux: umid=: cannot make /no/where|linux umid=x uml_dir=/no/where
	no /dev/kvm|125|^linux: cannot open /dev/kvm: No such file.*; load kvm|mv /dev/kvm /dev/gone; linux; s=$?; mv /dev/gone /dev/kvm; exit $s
	/dev/kvm is something else|125|^linux: /dev/kvm: .*lacks|mv /dev/kvm /dev/gone; ln -s null /dev/kvm; linux; s=$?; mv /dev/gone /dev/kvm; exit $s
	standard input closed|7|^linux: standard input is closed|linux <&-
	standard output closed|7|^linux: standard output is closed|linux >&-
	standard error closed|7||linux 2>&-
	all three closed|7||linux <&- >&- 2>&-
	standard output full|7|^linux: standard output: No space left|linux >/dev/full
	the reader of standard output is gone|7|^linux: standard output: Broken pipe|{ linux; echo $? >code; } | true; exit $(cat code)
	SIGTERM while output is stuck|143|^linux: ended: signal: SIGTERM|stuck TERM
	SIGINT while output is stuck|130|^linux: ended: signal: SIGINT|stuck INT
	SIGHUP that nohup ignores|143|^linux: ended: signal: SIGTERM|hangup
	pid file, its name in use, and its end|0|^linux: umid=: a guest of this name runs already, pid|umid
	every thread is in the sandbox|0||threads
	own memory at most 3 MB|0||memory
	the guest goes on after SIGSTOP and SIGCONT|0||stopped
	SIGUSR1 prints counters|0||counters
EOF
)

cat >"$G/all.sh" <<'EOF'
cd "${0%/*}"
linux() { ./shim --kernel hello "$@"; }
spin() { ./shim --kernel abuse abuse=spin "$@" & pid=$!; sleep 1; }
end() { kill -TERM $pid; wait $pid; }

stuck()	# SIGNAL: the guest prints into a pipe that nobody reads
{
	mkfifo full.$1
	sleep 100 <>full.$1 &
	holder=$!
	# One more process opens it, so that the shim's end does not break it
	./shim --kernel flood >full.$1 &
	pid=$!
	sleep 2
	kill -$1 $pid
	wait $pid
	code=$?
	kill $holder
	return $code
}

hangup()
{
	trap '' HUP
	spin
	kill -HUP $pid
	sleep 1
	end
}

umid()
{
	spin umid=test uml_dir=. 2>/dev/null
	[ "$(cat test/pid)" = $pid ] || return 1
	./shim --kernel hello umid=test uml_dir=.
	[ $? = 125 ] || return 2
	end
	[ ! -e test ] || return 3
	mkdir test
	echo 999999 >test/pid
	./shim --kernel hello umid=test uml_dir=.
	[ $? = 7 ] || return 4
}

threads()
{
	spin 2>/dev/null
	total=$(ls /proc/$pid/task | wc -l)
	inside=$(cat /proc/$pid/task/*/status | grep -c '^Seccomp:.*2')
	end
	[ $total = 3 ] && [ $inside = 3 ]
}

memory()
{
	spin 2>/dev/null
	all=$(awk '/^Pss:/ { print $2 }' /proc/$pid/smaps_rollup)
	guest=$(awk '/memfd:um-kvm/ { on = 1 } on && /^Pss:/ { print $2; exit }' /proc/$pid/smaps)
	end
	echo "own memory: $((all - guest)) kB"
	[ $((all - guest)) -le 3072 ]
}

stopped()
{
	spin 2>/dev/null
	kill -STOP $pid
	sleep 1
	before=$(cut -d' ' -f14 /proc/$pid/stat)
	kill -CONT $pid
	sleep 1
	after=$(cut -d' ' -f14 /proc/$pid/stat)
	system=$(cut -d' ' -f15 /proc/$pid/stat)
	end
	[ $after -gt $before ] || [ $system -gt 0 ]
}

counters()
{
	spin 2>counted
	kill -USR1 $pid
	sleep 1
	end
	grep -q '^stats: cpu0.exits: ' counted && grep -q '^stats: cpu0.shim_exits_io: 1$' counted
}
EOF
number=0
while IFS='|' read -r text _ _ snippet; do
	number=$((number + 1))
	# The last field may itself contain pipes: all after the third bar
	printf '( %s\n) >%d.out 2>%d.err\necho $? >%d.status # %s\n' \
		"$snippet" $number $number $number "$text"
done <<<"$cases" >>"$G/all.sh"
# shellcheck disable=SC2016 # it is for the other shell to expand
echo 'for f in *.status *.err; do echo "== $f"; cat $f; echo; done' >>"$G/all.sh"

files=()
for file in "$G"/*; do
	files+=(--file "$file")
done
run_host --timeout 150 "${files[@]}" -- sh "$G/all.sh"

mkdir -p "$W/results"
awk -v dir="$W/results/" '/^== /{ f = dir $2; printf "" >f; next } { print >f }' "$W/out"
number=0
while IFS='|' read -r text code err _; do
	number=$((number + 1))
	t "$text"
	result=$W/results/$number
	if [ ! -e "$result.status" ]; then
		fail "it did not run: $(tail -n 3 "$W/err")"
		continue
	fi
	[ "$(head -n 1 "$result.status")" = "$code" ] ||
		fail "status $(head -n 1 "$result.status"), expected $code: $(head -c 300 "$result.err")"
	lines=$(grep -c . "$result.err" || true)
	if [ "$err" ]; then
		grep -qaE -- "$err" "$result.err" ||
			fail "no '$err' on stderr: $(head -c 300 "$result.err")"
		[ "$lines" -eq 1 ] || fail "$lines lines, not one: $(head -c 300 "$result.err")"
	else
		[ "$lines" -eq 0 ] || fail "stderr: $(head -c 300 "$result.err")"
	fi
done <<<"$cases"
