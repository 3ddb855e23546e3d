# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Many runs in one boot of the Intel bed, since a boot takes most of a minute.
# tests/run calls intel_batch, which lets each test say what it would run
# (intel_record, called by lib.sh; nothing is judged in this pass), runs it all
# in one L1, and leaves the results where intel_replay finds them when the
# tests run once more.  So a test whose next run depends on the last one's
# result, or that changes a file between two runs, cannot be marked "# intel".
#
# $O/tests/intel/ID/, ID being the test's name and a number, holds
#   cmd, cwd, limit, stdin      what to run
#   out, err, status            the result

# An emulated second holds 50 million instructions, a tenth of the AMD bed's
INTEL_SLOWER=10

intel_run_dir()
{
	local name=${W#"$O/tests/"}
	dir=$O/tests/intel/${name//\//_}.$runs
}

intel_record()
{
	local dir i
	split "$@"
	intel_run_dir
	mkdir -p "$dir"
	printf '%s\0' "${command[@]}" >"$dir/cmd"
	pwd >"$dir/cwd"
	echo 60 >"$dir/limit"
	for ((i = 0; i < ${#options[@]}; i++)); do
		case ${options[i]} in
		--timeout) echo "${options[i + 1]}" >"$dir/limit" ;;
		--file) realpath -s -- "${options[i + 1]}" >>"$dir/files" ;;
		--icount|--smp) skip "the Intel bed has one CPU and no --icount" ;;
		esac
	done
	cat >"$dir/stdin"
	: >"$W/out"
	: >"$W/err"
}

intel_replay()
{
	local dir
	intel_run_dir
	if [ -e "$dir/status" ]; then
		status=$(cat "$dir/status")
		cp "$dir/out" "$dir/err" "$W/"
	else
		status=125
		: >"$W/out"
		echo "the Intel bed ended before this run" >"$W/err"
	fi
}

# Names of the files that a run's arguments mention, as pack.c finds them
intel_files()
{
	local dir=$1 cwd arg file list
	cwd=$(cat "$dir/cwd")
	echo "$dir/stdin"
	[ ! -e "$dir/files" ] || cat "$dir/files"
	while IFS= read -r -d '' arg; do
		IFS=, read -r -a list <<<"${arg#*=}"
		for file in "$arg" "${list[@]}"; do
			[[ $file = /* ]] || file=$cwd/$file
			[[ $file = @(/dev|/proc|/sys)/* ]] || [ ! -f "$file" ] ||
				echo "$file"
		done
	done <"$dir/cmd"
}

# What L1 runs: a result leaves as soon as it is there, as a tar in a gzip.  A
# run is a session of its own: timeout ends only the process that it started,
# and what that left behind would slow all later runs.
intel_script()
{
	local dir command
	cat <<-'EOF'
	run()
	{
		id=$1 limit=$2 stdin=$3 r=/tmp/result end=$(($(date +%s) + $2))
		shift 3
		echo "# intel: $id" >&2
		mkdir -p $r/$id
		setsid sh -c 'echo $$ >/tmp/group; exec timeout -s QUIT -k 20 "$@"' \
			run $limit "$@" <"$stdin" >$r/$id/out 2>$r/$id/err
		status=$?
		kill -KILL -$(cat /tmp/group) 2>/dev/null
		[ "$(date +%s)" -lt $end ] || status=124
		echo $status >$r/$id/status
		tar -c -f - -C $r $id | gzip
		rm -rf $r
	}
	EOF
	for dir in "$@"; do
		mapfile -d '' -t command <"$dir/cmd"
		printf 'mkdir -p %q; cd %q\n' "$(cat "$dir/cwd")" "$(cat "$dir/cwd")"
		printf 'run %q %d %q' "${dir##*/}" \
			$(($(cat "$dir/limit") * INTEL_SLOWER)) "$dir/stdin"
		printf ' %q' "${command[@]}"
		echo
	done
}

intel_batch()	# TEST...
{
	local name dirs=() options=() file base=$O/tests/intel
	rm -rf "$base"
	mkdir -p "$base"
	for name in "$@"; do
		UMKVM_WHERE=record UMKVM_TEST=$name "./$name/test.sh" \
			</dev/null >"$base/record.log" 2>&1 || true
	done
	mapfile -t dirs < <(find "$base" -name cmd -printf '%h\n' | sort -V)
	export UMKVM_WHERE=replay
	[ ${#dirs[@]} -gt 0 ] || return 0
	echo "# ${#dirs[@]} runs in one boot of the Intel bed"
	intel_script "${dirs[@]}" >"$base/script"
	while IFS= read -r file; do
		options+=(--file "$file")
	done < <(for name in "${dirs[@]}"; do intel_files "$name"; done | sort -u)
	./bed/bed --intel "${options[@]}" -- sh "$base/script" </dev/null |
		gzip -dc | tar -x -i -f - -C "$base" ||
		echo "# the Intel bed failed, status ${PIPESTATUS[0]}"
}
