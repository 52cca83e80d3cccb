# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What the container tests share beside tests/live/lib.sh: cgroups, a recorder that runs beside what
# it records, and an end that leaves nothing behind. It knows how to ask, not what must be answered.
#
# FULL=1: every combination instead of a choice.
#
# A script sources this first and ends with `finish`. Names of cgroups and containers begin with lct.

# One at a time on a machine: names of containers and cgroups are the machine's.
[[ -n ${CONTAINERS_LOCKED:-} ]] || CONTAINERS_LOCKED=1 \
	exec flock -o -w 900 "${TMPDIR:-/tmp}/leastcall-containers.lock" "$0" "$@"

# shellcheck source=tests/live/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../live/lib.sh"
# shellcheck source=tests/containers/engines.sh
. "$top/tests/containers/engines.sh"
containers=${LEASTCALL_CONTAINERS:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/leastcall/containers}
programs=$BUILD/containers
hierarchy=$(cgroup2_mount)
trap clean EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# await PID: as in tests/live/lib.sh, without a process that ends itself under our traps.
await() {
	until_true 30 gone "$1" || kill -9 "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}
gone() { ! kill -0 "$1" 2>/dev/null; }

# ---- cgroups

# in_cgroup PATH COMMAND...: below the cgroup2 mount; made where it is not there.
in_cgroup() {
	local cgroup=$hierarchy$1
	shift
	mkdir -p "$cgroup"
	sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' in_cgroup "$cgroup" "$@"
}

# remove_cgroup PATH: with all below it, in every hierarchy. What still has a process stays.
remove_cgroup() {
	local root
	for root in "$hierarchy" /sys/fs/cgroup/*; do
		[[ ! -d $root$1 ]] || find "$root$1" -depth -type d -exec rmdir {} + 2>/dev/null
	done
}

kill_cgroup() {
	[[ -d $hierarchy$1 ]] || return 0
	echo 1 >"$hierarchy$1/cgroup.kill"
	until_true 10 grep -q 'populated 0' "$hierarchy$1/cgroup.events"
	remove_cgroup "$1"
}

# ---- the end

clean() {
	local engine pid mount parent
	# A subshell that is ended before it forgets its parent's traps comes here, too.
	[[ $BASHPID -eq $$ ]] || return 0
	cd /
	for engine in kubelet podman docker ctr runc lxc nspawn; do
		! declare -F "${engine}_down" >/dev/null || "${engine}_down"
	done
	for pid in $(jobs -p); do
		kill -9 "$pid" 2>/dev/null
	done
	left_over_end # shims, conmons, monitors
	for mount in $(awk -v w="$work/" 'index($5, w) == 1 { print $5 }' /proc/self/mountinfo | tac); do
		umount -l "$mount"
	done
	kill_cgroup /lct
	remove_cgroup /lct
	# Parents that engines make and leave, where nobody else is using them.
	for parent in libpod_parent docker lxc.pivot; do
		rmdir "$hierarchy/$parent" /sys/fs/cgroup/*/"$parent" 2>/dev/null
	done
	rm -rf --one-file-system "$work"
}

# ---- recorders

# recorder NAME ARGUMENTS...: leastcall record -o NAME.rec ARGUMENTS in the background, its words in
# NAME.err; returns when it says that it is ready. recorder_ends NAME waits for its end and returns
# its exit status; recorder_stop NAME ends it first. With $under set, it runs under that command.
declare -A recorders=()
under=()
recorder() {
	local name=$1
	shift
	rm -f "$name.err" # an earlier one's words
	"${under[@]}" "$LEASTCALL" record -o "$name.rec" "$@" >"$name.out" 2>"$name.err" &
	recorders[$name]=$!
	until_true 30 recorder_ready "$name" && kill -0 "${recorders[$name]}" 2>/dev/null && return
	not_ok "the recorder of $name starts" "$(head -c 500 "$name.err")"
	return 1
}

recorder_ready() {
	grep -qE '^leastcall: (waiting for|recording)' "$1.err" 2>/dev/null ||
		! kill -0 "${recorders[$1]}" 2>/dev/null
}

recorder_ends() { await "${recorders[$1]}"; }

recorder_stop() {
	kill -INT "${recorders[$1]}" 2>/dev/null
	recorder_ends "$1"
}

# ---- what is in a recording

# "PHASE NUMBER COUNT" of the calls of a workload, summed over executables; x86-64. A fact stands in
# a recording more than once: its largest count is it.
phase_counts() {
	local workload=$1
	shift
	jq -r --arg workload "$workload" '
		select(.fact == "syscall" and .workload == $workload and .abi == "x86_64") |
		[.phase // "start", .nr, .exe, .run, .count | tostring] | @tsv' "$@" |
		awk -F '\t' '
			{ key = $1 " " $2; fact = key "\t" $3 "\t" $4 }
			$5 > largest[fact] { counts[key] += $5 - largest[fact]; largest[fact] = $5 }
			END { for (key in counts) print key, counts[key] }' | sort
}

# made NUMBER WORKLOAD FILE...: how often tests/containers/calls made this call there, or 0. Shells
# and runtimes make the same ones.
made() {
	local nr=$1 workload=$2
	shift 2
	jq -r --arg workload "$workload" --argjson nr "$nr" '
		select(.fact == "syscall" and .nr == $nr and .workload == $workload and
			(.exe // "" | endswith("/calls"))) | "\(.run) \(.phase) \(.count)"' "$@" |
		awk '{ fact = $1 " " $2 }
			$3 > largest[fact] { sum += $3 - largest[fact]; largest[fact] = $3 }
			END { print sum + 0 }'
}

# The names of workloads, sorted, each once.
workloads() { jq -r 'select(.fact == "workload") | .workload' "$@" | sort -u; }

# "WHAT" of the losses that a recording admits.
losses() { jq -r 'select(.fact == "incomplete") | .what' "$@" | sort -u; }

# complete NAME STATUS WORDS: the recorder ended with STATUS 0 and lost nothing.
complete() {
	local lost
	lost=$(losses "$1.rec" 2>&1)
	[[ $2 -eq 0 && -z $lost ]] && jq -e -s 'any(.fact == "end" and .complete)' "$1.rec" >/dev/null &&
		return
	not_ok "$3: the recording is complete" "exit $2, lost: $lost; $(tail -n 3 "$1.err")"
	return 1
}
