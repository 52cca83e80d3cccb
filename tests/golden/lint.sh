# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What is said of profiles with something wrong in them; tests/golden/run sources this. lint/ID.json is a
# profile that has the finding ID of `leastcall lint --list`, lint/ID.txt what is said of it, with
# --runtime none or the options in ID.options, and how it ends. What runc and crun do with these
# profiles: tests/containers/lint.

# What libseccomp does not know depends on which one is installed.
depends='call-new call-new-denied'

lint_case() {
	local name=$1 options=(--runtime none) status
	[[ -e lint/$name.options ]] && read -ra options <"lint/$name.options"
	(cd lint && exec timeout 60 "$leastcall" lint "${options[@]}" -- "$name.json") \
		>"$work/out" 2>"$work/err" </dev/null
	status=$?
	echo "exit status $status" >>"$work/out"
	if [[ " $depends " == *" $name "* ]] && ! grep -q "\[$name\]" "$work/out"; then
		skip "lint/$name: this libseccomp knows the call"
		return
	fi
	check "lint/$name" "$work/out" "lint/$name.txt"
}

for profile in lint/*.json; do
	lint_case "$(basename "$profile" .json)"
done

# Each finding has its profile, and its paragraph on the page.
"$leastcall" lint --list >"$work/list"
missing=() wordless=()
while read -r id _; do
	grep -q "\[$id\]" "lint/$id.txt" 2>/dev/null || missing+=("$id")
	grep -q "^\.B[R]* ${id//-/\\\\-}\b" "$top/user/man/leastcall-lint.1" || wordless+=("$id")
done <"$work/list"
holds "lint: each finding has a profile that has it: ${missing[*]}" test "${#missing[@]}" -eq 0
holds "lint: each finding is on the page: ${wordless[*]}" test "${#wordless[@]}" -eq 0

# One JSON array, whose elements say the same as the lines.
"$leastcall" lint --json lint/*.json >"$work/json" 2>/dev/null
"$leastcall" lint lint/*.json >"$work/lines" 2>/dev/null
if command -v jq >/dev/null; then
	jq -r '.[] | "\(.file):\(.line):\(.column): \(.level): \(.message) [\(.id)]"' "$work/json" >"$work/out"
	check "lint --json says what the lines say" "$work/out" "$work/lines"
else
	skip "lint --json: no jq here"
fi
"$leastcall" lint --json -q lint/clean.json >"$work/out" 2>/dev/null
echo '[]' >"$work/want"
check "lint --json of nothing is an empty array" "$work/out" "$work/want"

ends "lint: a warning is no failure" 0 '.*0 errors, 1 warning, .*' \
	"$leastcall" lint lint/args-lost.json
ends "lint --strict: but then it is" 1 '.*0 errors, 1 warning, .*' \
	"$leastcall" lint --strict lint/args-lost.json
ends "lint --strict: notes never are" 0 '' "$leastcall" lint -q --strict lint/floor.json
ends "lint -q: nothing to say" 0 '' "$leastcall" lint -q lint/clean.json
holds "... nor on stdout" test ! -s "$work/out"
# shellcheck disable=SC2016
ends "lint -: stdin" 1 '' bash -c '"$0" lint -q - <lint/tutorial.json' "$leastcall"
holds "... is called -" grep -q '^-:12:10: error: a comma is missing' "$work/out"
ends "lint: several, and one cannot be read" 125 'leastcall: cannot read nowhere: No such file.*' \
	"$leastcall" lint -q lint/clean.json nowhere
ends "lint --for" 2 '.*--for wants runtime, docker, podman or k8s, not guess .*' \
	"$leastcall" lint --for guess lint/clean.json

# What is the default's answer anyway, or is no call of the architecture, is not missed.
cat >"$work/idle.json" <<'PROFILE'
{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_AARCH64"], "syscalls": [
{"names": ["clock_getres", "clock_gettime", "execve", "exit", "exit_group", "futex", "getcpu", "gettimeofday", "restart_syscall", "rseq", "rt_sigreturn", "set_robust_list", "set_tid_address"], "action": "SCMP_ACT_ALLOW"},
{"names": ["mseal", "listmount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}
PROFILE
"$leastcall" lint --runtime none "$work/idle.json" >"$work/out" 2>/dev/null
holds "lint: new calls that are refused, aarch64 without time" \
	test -z "$(grep -E 'call-new|always-missing' "$work/out")"

# Our own profiles: nothing is wrong with them, but for what profile itself says and cannot help.
for recording in */in.jsonl; do
	for format in seccomp docker podman k8s; do
		reader=${format/seccomp/runtime}
		"$leastcall" profile "$format" --quiet "$recording" >"$work/profile" 2>/dev/null || continue
		"$leastcall" lint -q --for "$reader" - <"$work/profile" 2>&1 |
			grep -vE '\[(socketcall|clone3-open)\]$' >"$work/out"
		: >"$work/empty"
		check "lint: nothing is wrong with $recording as $format" "$work/out" "$work/empty"
	done
done

# hostile WORDS STATUS: stdin in a moment, and nothing that acts on a terminal.
hostile() {
	cat >"$work/hostile"
	timeout 20 "$leastcall" lint "$work/hostile" >"$work/out" 2>"$work/err"
	if [[ $? -eq $2 ]] && ! LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f]' "$work/out" "$work/err"; then
		ok "lint: $1"
	else
		not_ok "lint: $1: $(tail -n 1 "$work/err" | head -c 300)"
	fi
}

ends "lint: an AppArmor profile" 125 \
	'leastcall: ls/apparmor.profile is an AppArmor profile, and lint is for seccomp profiles: .*' \
	"$leastcall" lint ls/apparmor.profile

# repeated WORD COUNT
repeated() { head -c "$((${#1} * $2))" < <(yes "$1" | tr -d '\n'); }

million=1000000
repeated '[' $((4 * million)) | hostile "four million brackets" 1
repeated '{"a":' 800000 | hostile "objects in objects" 1
repeated '"' $((4 * million)) | hostile "nothing but quotes" 1
(printf '{"' && repeated '\' $((4 * million))) | hostile "nothing but backslashes" 1
head -c $((4 * million)) /dev/zero | hostile "NULs" 1
(printf '{' && repeated '/*' $((2 * million))) | hostile "a comment without an end" 1
(printf '[' && repeated '1,' $((2 * million))) | hostile "too many values" 1
(printf '{"defaultAction":1' && repeated 0 $((4 * million)) && printf '}') | hostile "a number of four megabytes" 1
(printf '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"action":"SCMP_ACT_ALLOW","names":["read"' &&
	repeated ',"read"' 200000 && printf ']}]}') | hostile "a name 200,000 times" 1
(printf '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{}' && repeated ',{}' 100000 &&
	printf ']}') | hostile "100,000 empty rules" 1
printf '{"defaultAction":"\x1b[2J\xe2\x80\xae","\\u001b[2J":[\x01],"\xff":0}' |
	hostile "what acts on a terminal" 1
(printf '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG"}' &&
	for ((i = 0; i < 100; i++)); do
		printf ',{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[%s,%s]}' \
			"{\"index\":0,\"value\":$i,\"op\":\"SCMP_CMP_NE\"}" \
			"{\"index\":5,\"value\":$i,\"op\":\"SCMP_CMP_EQ\"}"
	done && printf ']}') | hostile "what libseccomp would not finish" 1
head -c $((5 * million)) /dev/zero | hostile "more than four megabytes" 125
