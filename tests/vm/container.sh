# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The cases with a container: runc's, of a root file system that holds busybox alone. Part of cases,
# whose functions it uses.
# shellcheck disable=SC2154 # status is what ended() in cases sets

app=(/bin/busybox uname -a)

# bundle NAME NO_NEW_PRIVS COMMAND...: under a filter that denies what none of it calls.
bundle() {
	mkdir -p "$1/rootfs/bin"
	cp "$(command -v busybox)" "$1/rootfs/bin/busybox"
	rm -f "$1/config.json"
	runc spec --bundle "$1"
	jq --arg name "$1" --argjson nnp "$2" '.process.terminal = false | .process.args = $ARGS.positional |
		.process.noNewPrivileges = $nnp | .linux.cgroupsPath = "/" + $name | .linux.seccomp = {
			defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_X86_64"],
			syscalls: [{names: ["acct"], action: "SCMP_ACT_ERRNO"}]}' \
		"$1/config.json" --args -- "${@:3}" >"$1/config.new"
	mv "$1/config.new" "$1/config.json"
}

contained() {
	bounded 60 runc run --bundle "$1" "$1" </dev/null >run.out 2>run.err
}

# names PHASE...: of the calls in these phases; a line without a phase is of "start".
names() {
	jq -r 'select(.fact == "syscall" and (.phase // "start" | IN($ARGS.positional[]))).name' \
		rec --args -- "$@" | sort -u
}

# has WORDS LIST NAME...: all of the names are in the list.
has() {
	same "$1" "$(grep -xF "$(printf '%s\n' "${@:3}")" <<<"$2")" "$(printf '%s\n' "${@:3}" | sort)"
}

# Started before the container is: everything, told apart by phase.
phases() {
	local nnp=$1 words="--container, no_new_privs $1"
	bundle lc-box "$nnp" "${app[@]}"
	start --container lc-box || not_ready "$words" || return
	contained lc-box || not_ok "$words: runs" "$(head -c 500 run.err)"
	ended
	same "$words: ends with the container, complete" "$status" 0 || return
	same "$words: is named" \
		"$(jq -r 'select(.fact == "workload") | "\(.workload) \(.engine) \(.cgroup)"' rec |
			sort -u)" "lc-box oci /lc-box"
	has "$words: before the filter, what makes a container" "$(names setup)" \
		mount pivot_root seccomp
	same "$words: ... and only there" "$(names runtime start serving |
		grep -xE 'mount|umount2|pivot_root|seccomp')" ""
	has "$words: after the filter, the call that starts the application" "$(names runtime)" execve
	same "$words: the application's are what strace has" \
		"$(recorded '.phase // "start" | . == "start"')" \
		"$(strace_calls env -i PATH="$PATH" TERM=xterm chroot lc-box/rootfs "${app[@]}")"
}

case_container() {
	phases true
	phases false || return
	has "--container: without no_new_privs the runtime still drops its rights" "$(names runtime)" \
		capset setgroups setuid
	if ! bounded 30 "$LEASTCALL" profile seccomp -q rec -o profile 2>err; then
		not_ok "a profile of it" "$(head -c 500 err)"
		return
	fi
	jq --slurpfile profile profile '.linux.seccomp = $profile[0]' lc-box/config.json >config.new &&
		mv config.new lc-box/config.json
	cp run.out free.out
	contained lc-box
	same "the container starts under its profile and does the same" \
		"$? $(cat run.out run.err)" "0 $(cat free.out)"
}

# It runs already: listed by targets, and recorded from then on.
case_running() {
	local targets
	bundle lc-box true /bin/busybox sleep 1000
	bounded 60 runc run --detach --bundle lc-box lc-box </dev/null >run.out 2>run.err ||
		not_ok "a container runs" "$(head -c 500 run.err)"
	targets=$(bounded 60 "$LEASTCALL" targets --json 2>err)
	same "targets lists it, with its cgroup" "$(jq -c '.. | objects |
		select(.name == "lc-box") | [.name, .cgroup]' <<<"$targets")" '["lc-box","/lc-box"]'
	start --container lc-box || not_ready "a container that runs" || return
	bounded 60 runc exec lc-box "${app[@]}" </dev/null >run.out 2>run.err ||
		not_ok "a container that runs: exec" "$(head -c 500 run.err)"
	runc kill lc-box KILL
	until_true 20 runc delete lc-box 2>/dev/null
	ended
	same "a container that runs: ends with it, complete" "$status" 0 || return
	holds "a container that runs: it did, and that is noted" grep -q '"what":"already-running"' rec
	has "a container that runs: has what was executed in it" \
		"$(jq -r 'select(.exe == "/bin/busybox" and .fact == "syscall").name' rec | sort -u)" uname
}
