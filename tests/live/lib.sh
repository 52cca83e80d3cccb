# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What the live tests share: a directory of their own, one line a case, bounds, and recordings in a
# form that sorts and compares. It knows how to ask leastcall and strace, not what they should say.
#
# A script sources this first and ends with `finish`.
set -u
export LC_ALL=C

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-build}
[[ $BUILD == /* ]] || BUILD=$top/$BUILD
BUILD=$(realpath "$BUILD") # as recordings have it
LEASTCALL=$BUILD/leastcall
LIVE=$BUILD/live
export BUILD LEASTCALL LIVE

# Bounds are chosen for a machine that has nothing else to do; another one may be so many times slower.
# LIVE_SLOWNESS says that it is, for an emulated one: what is mere repetition is done less often, too.
slowness=${LIVE_SLOWNESS:-1}
patience=$((4 * slowness))

# What capabilities are asked for depends on it.
renice -n 0 $$ >/dev/null 2>&1

# Where a test may write: one directory, gone at the end. It marks what the script starts.
work=$(mktemp -d "${TMPDIR:-/tmp}/leastcall-live.XXXXXX") || exit 1
export LEASTCALL_TEST=$work
# at_end COMMAND: what is to be done before it goes. A child that is killed before bash has taken the
# trap out of it runs the trap, too: it is the script's alone.
at_end() {
	# shellcheck disable=SC2064
	trap "[[ \$BASHPID == \"\$\$\" ]] && { $1; cd /; left_over_end; rm -rf \"\$work\"; }" EXIT
}

# The processes that the script started and that are there still, whoever their parents are: with its
# directory in their environment or on their command line. Nobody else can have it there: mktemp made
# it. The files are listed before there are any that look for it.
left_over() {
	local listed=(/proc/[0-9]*/environ /proc/[0-9]*/cmdline) self=$BASHPID
	grep -lsaF -- "$work" "${listed[@]}" | cut -d / -f 3 | sort -u | grep -vxE "$$|$self"
}

# Twice more, for what was forked meanwhile.
left_over_end() {
	local pids
	for _ in 1 2 3; do
		mapfile -t pids < <(left_over)
		[[ ${#pids[@]} -gt 0 ]] || return 0
		kill -9 "${pids[@]}" 2>/dev/null
	done
}
at_end true
cd "$work" || exit 1

passed=0 failed=0 skipped=0

ok() {
	passed=$((passed + 1))
	printf 'ok - %s\n' "$1"
}

# not_ok WORDS REASON...
not_ok() {
	failed=$((failed + 1))
	printf 'not ok - %s: %s\n' "$1" "$(tr '\n' ' ' <<<"${*:2}" | cut -c 1-1000)"
}

# skip WORDS REASON
skip() {
	[[ -n ${2:-} ]] || { not_ok "$1" "skipped without a reason"; return; }
	skipped=$((skipped + 1))
	printf 'skip - %s: %s\n' "$1" "$2"
}

# same WORDS GOT WANT: two texts are equal, or their difference is the reason.
same() {
	if [[ $2 == "$3" ]]; then
		ok "$1"
		return 0
	fi
	not_ok "$1" "got(-) want(+): $(diff <(echo "$2") <(echo "$3") | sed -n 's/^</-/p; s/^>/+/p' |
		head -n 30)"
	return 1
}

# holds WORDS COMMAND...: the command succeeds; what it prints is of no interest.
holds() {
	local words=$1
	shift
	if "$@" >/dev/null; then
		ok "$words"
	else
		not_ok "$words" "$(printf '%q ' "$@")failed"
	fi
}

finish() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[[ $failed -eq 0 ]]
	exit
}

# bounded SECONDS COMMAND...: as timeout(1), in the foreground so that signals reach the command.
bounded() {
	timeout --foreground --kill-after=5 $(($1 * patience)) "${@:2}"
}

# until_true SECONDS COMMAND...: asks again until the command succeeds. For what has no event.
until_true() {
	local end=$((SECONDS + $1 * patience))
	shift
	until "$@"; do
		[[ $SECONDS -lt $end ]] || return 1
		sleep 0.02
	done
}

# strace_fell FILE: what strace said on stderr has that it ended itself, as it does where a tracee is
# killed between two of its requests (EIO, ESRCH). It has judged nothing then and is to be asked again.
strace_fell() { grep -m 1 '^strace: ptrace(' "$1"; }

# await PID: waits for a child and returns its exit status; kills it where it does not end.
await() {
	local watch status=0
	(sleep $((30 * patience)) && kill -9 "$1") 2>/dev/null &
	watch=$!
	wait "$1" 2>/dev/null || status=$?
	pkill -P "$watch" 2>/dev/null
	kill "$watch" 2>/dev/null
	wait "$watch" 2>/dev/null
	return "$status"
}

# The mount point of cgroup2, or nothing. Its fields: mountinfo(5) in proc(5).
cgroup2_mount() {
	awk '{ for (i = 7; i < NF; i++) if ($i == "-" && $(i + 1) == "cgroup2") { print $5; exit } }' \
		/proc/self/mountinfo
}

# A recording with its repeated lines made one, as recordings are to be read: the largest count, the
# smallest time, the union of what is a set. Not leastcall merge, which is tested against this.
merged() {
	jq -c --slurp '
		def letters: map(split("")) | add | unique;
		group_by([.fact, .run, .workload, .exe, .phase, .abi, .nr, .sub, .path, .family, .type,
			.capability, .cgroup, .what, .args, (if .fact == "denied" then .errno else null end)]) |
		map(reduce .[1:][] as $next (.[0];
			if .count then .count = ([.count, $next.count] | max) else . end |
			if .first_ns then .first_ns = ([.first_ns, $next.first_ns] | min) else . end |
			if $next.interrupted then
				.interrupted = ([.interrupted // 0, $next.interrupted] | max) else . end |
			if $next.errnos then .errnos = (.errnos // []) + $next.errnos | .errnos |= unique
			else . end |
			if .perms then .perms = (.perms as $p | "rwamklx" | split("") |
				map(select(. as $l | [$p, $next.perms] | letters | index($l))) | join(""))
			else . end |
			if $next.flags then .flags = ((.flags // []) + $next.flags | unique) else . end)) |
		.[]' "$@"
}

# "ABI NUMBER" of every call in a recording, sorted, each once.
recorded_set() {
	jq -r 'select(.fact == "syscall") | "\(.abi) \(.nr)"' "$@" | sort -u
}

# "ABI NUMBER COUNT", summed over executables.
recorded_counts() {
	merged "$@" | jq -r 'select(.fact == "syscall") | "\(.abi) \(.nr) \(.count)"' |
		awk '{ n[$1 " " $2] += $3 } END { for (k in n) print k, n[k] }' | sort
}
