#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The part of the golden suite about update: profiles NAME.before that somebody wrote, and what comes
# of them, NAME.after and NAME.said. Sourced by run, whose helpers, $leastcall and $work it uses.
# shellcheck disable=SC2154

update=("$leastcall" update --apparmor-dir apparmor.d)
denied='leastcall: (not added, for|missing, and) a deny rule of the profile takes it: /etc/passwd r'
fails='leastcall: 1 of what was recorded will fail, for deny rules of .* take it'

for before in update/*.before; do
	name=${before%.before}
	cp "$before" "$work/profile"
	chmod 640 "$work/profile"
	"${update[@]}" "$work/profile" update/app.jsonl 2>"$work/err"
	check "update: $name" "$work/profile" "$name.after"
	sed -i "s/^leastcall: //; s:$work/profile:PROFILE:g" "$work/err"
	check "... what is said" "$work/err" "$name.said"
	holds "... nothing but added lines" test -z "$(diff -B -w "$before" "$name.after" |
		grep '^<' | grep -v '^< /etc/app.conf r, }$')"
	holds "... the file's mode stays" test "$(stat -c %a "$work/profile")" = 640
	status=0
	! grep -q '^not added' "$name.said" || status=1
	ends "... what was missing is there" $status "($denied)?" "${update[@]}" --check -q "$name.after" update/app.jsonl
	ends "... and was not before" 1 "($denied)?" "${update[@]}" --check -q "$before" update/app.jsonl
	inode=$(stat -c %i "$work/profile")
	ends "... an update of what lacks nothing" 0 \
		"(leastcall: nothing is missing in .*|$denied.$fails)" \
		"${update[@]}" "$work/profile" update/app.jsonl
	holds "... does not touch the file" test "$inode" = "$(stat -c %i "$work/profile")"
	sed '1i abi <abi/3.0>,' "$name.after" | awk '!/^abi/ || !seen++' >"$work/parse"
	parse_apparmor "... it parses" "$work/parse"
done

# What is made of a recording lacks nothing of it, in whatever rule.
for made in */apparmor.profile; do
	# That of pods holds several workloads.
	[[ -s $made && $made != pod/* && $(cat "$made.options" 2>/dev/null) != *--for* ]] || continue
	ends "update: $made lacks nothing" 0 'leastcall: .*nothing is missing in [^ ]*' \
		"${update[@]}" --check --allow-incomplete "$made" "${made%/*}"/*in.jsonl
done

cp update/mine.before "$work/profile"
ends "update --dry-run" 0 '.*leastcall: missing: capability setuid.*' \
	"${update[@]}" --dry-run "$work/profile" update/app.jsonl
holds "... how many at the end" test "$(tail -n 2 "$work/err" | head -n 1)" = \
	"leastcall: 13 rules missing in $work/profile"
check "... writes nothing" "$work/profile" update/mine.before
ends "update -o: another file" 0 "$denied" \
	"${update[@]}" -q -o "$work/other" "$work/profile" update/app.jsonl
check "... is written" "$work/other" update/mine.after
check "... and the profile is as it was" "$work/profile" update/mine.before
# shellcheck disable=SC2016
ends "update: stdin to stdout" 0 "$denied" bash -c '"${@:2}" -q - update/app.jsonl <"$1"' - \
	"$work/profile" "${update[@]}"
check "... is the same" "$work/out" update/mine.after

# A deny rule wins, whatever is added.
printf 'include <tunables/global>\nprofile a {\n  file,\n  capability,\n  network,\n  signal,\n  deny /etc/passwd r,\n}\n' \
	>"$work/denies"
ends "update: what a deny rule takes" 0 \
	"$denied.$fails" \
	"${update[@]}" "$work/denies" update/app.jsonl
ends "update --check: what a deny rule takes is a finding" 1 "$denied.$fails" \
	"${update[@]}" --check "$work/denies" update/app.jsonl
printf 'include <tunables/global>\n/a {\n}\n/b {\n}\n' >"$work/two"
ends "update: two profiles in one file" 125 \
	'leastcall: .* holds 2 profiles: choose with --profile NAME' \
	"${update[@]}" "$work/two" update/app.jsonl
ends "update --profile: one of them" 0 'leastcall: /b is attached to /b, and no program .*' \
	"${update[@]}" -q --profile /b "$work/two" update/app.jsonl
holds "... and only that" test "$(sed -n '/^\/a/,/^}/p' "$work/two" | grep -c added)" = 0
ends "update --profile: none of them" 125 'leastcall: .* holds no profile c' \
	"${update[@]}" --profile c "$work/two" update/app.jsonl
ends "update: neither the one nor the other" 125 'leastcall: /etc/passwd is no profile' \
	"${update[@]}" /etc/passwd ls/in.jsonl
ends "update: a recording" 2 'leastcall: update: .* is a recording: PROFILE comes first .*' \
	"${update[@]}" ls/in.jsonl runs/1.in.jsonl
printf 'profile a {\n  /etc/x r\n' >"$work/broken"
ends "update: a broken profile" 125 'leastcall: .*:2: a rule without its comma' \
	"${update[@]}" "$work/broken" ls/in.jsonl
printf 'profile a {\n}\n' >"$work/bare"
ends "update: no tunables" 125 \
	'leastcall: .* cannot be added: the profile has no such variables; include .*' \
	"${update[@]}" "$work/bare" update/app.jsonl
printf 'include <nowhere>\ninclude <tunables/global>\nprofile a {\n}\n' >"$work/lost"
ends "update: an include that is not there" 0 \
	'leastcall: .*:1: there is no nowhere in apparmor.d: what it allows is not known' \
	"${update[@]}" -q "$work/lost" update/app.jsonl
printf 'include <tunables/global>\nprofile a {\n  @{none}/** r,\n  deny /x%s r,\n}\n' '@{HOME}@{HOME}@{HOME}@{HOME}@{HOME}@{HOME}@{HOME}@{HOME}@{HOME}@{HOME}' >"$work/none"
ends "update: rules that count as none" 0 \
	'leastcall: .*/none:3: the rule and 1 more count as none: there is no variable @.none.' \
	"${update[@]}" -q "$work/none" update/app.jsonl
for rule in 'frobnicate the thing' 'capabilty chown' 'capability setuid, setgid'; do
	printf 'include <tunables/global>\nprofile a {\n  %s,\n}\n' "$rule" >"$work/unknown"
	cp "$work/unknown" "$work/unknown.before"
	ends "update: $rule" 125 'leastcall: .*/unknown:3: a rule that is not understood: (frobnicate|capabilty|setgid)' \
		"${update[@]}" "$work/unknown" update/app.jsonl
	check "... and it stays as it was" "$work/unknown" "$work/unknown.before"
done
sed 's,^profile app /opt/app/app ,profile app /usr/sbin/{other\,one} ,' update/mine.before >"$work/other"
ends "update: another program's recording" 0 \
	"leastcall: app is attached to /usr/sbin/\{other,one\}, and no program of the recording is that: it is of /opt/app/app"$'\n'"$denied" \
	"${update[@]}" -q "$work/other" update/app.jsonl
sed 's,^profile app /opt/app/app ,profile app /opt/*/app ,' update/mine.before >"$work/other"
ends "... a pattern is its program" 0 "$denied" "${update[@]}" -q "$work/other" update/app.jsonl
ends "update: what ran under a profile within it" 125 \
	'leastcall: /usr/bin/dash runs under another profile, which update cannot tell from app: .*' \
	"${update[@]}" apparmor-children/apparmor-profile.profile -o "$work/none" apparmor-children/in.jsonl
cp "$work/profile" "$work/moded"
chmod 604 "$work/moded"
chown 65534:65533 "$work/moded" 2>/dev/null
rights=$(stat -c %a:%u:%g "$work/moded")
ends "update -o: PROFILE itself" 0 "$denied" \
	"${update[@]}" -q -o "$work/./moded" "$work/moded" update/app.jsonl
holds "... is changed: its rights stay" test "$(stat -c %a:%u:%g "$work/moded")" = "$rights"
ends "update: PROFILE twice" 2 '.*moded is the PROFILE and a RECORDING: .*' \
	"${update[@]}" "$work/moded" "$work/moded"
ends "update: the recording as output" 2 '.* is the RECORDING: .*' \
	"${update[@]}" -o update/app.jsonl "$work/lost" update/app.jsonl
ends "update: an incomplete recording" 3 'leastcall: the recording is incomplete: .*' \
	"${update[@]}" "$work/lost" incomplete/in.jsonl

# What somebody made to be hard: the line and the limit, no hang.
# hard NAME WORDS: stdin is the profile.
hard() {
	cat >"$work/$1.hard"
	ends "update: hard: $1" 125 "leastcall: $work/$1.hard:$2" \
		timeout 20 "${update[@]}" --check "$work/$1.hard" update/app.jsonl
}
hard novalue '1: a variable without a value' <<<"@{z}=
@{a}=$(seq -s ' ' 400)
profile x {
  /$(printf '@{a}%.0s' {1..12})@{z} r,
}"
hard values '[0-9]+: what is asked of this profile takes more than 800 million steps: .*' <<<"@{long}=$(printf 'x%.0s' {1..4000})
@{many}=$(seq -s ' ' 600)
profile x {
$(printf '  /@{long}@{many} r,\n%.0s' {1..2000})
}"
hard bytes '[0-9]+: with the values of their variables the rules come to more than 16 MB' <<<"@{long}=$(printf 'x%.0s' {1..4000})
@{many}=$(seq -s ' ' 500)
profile x {
$(printf '  /@{long}@{many} r,\n%.0s' {1..20})
}"
hard variables '10001: more than 10000 variables' <<<"$(seq -f '@{a%.0f}=x' 10001)"
hard profiles '10001: more than 10000 profiles' <<<"$(seq -f 'profile a%.0f {}' 10001)"
hard names "1: a profile's name of more than 4096 bytes" <<<"profile $(printf 'n%.0s' {1..4097}) {}"
hard children "2: a profile's name of more than 4096 bytes" <<<"profile $(printf 'n%.0s' {1..4096}) {
  profile a {}
}"
hard rules '100002: more than 100000 rules' <<<"profile x {
$(seq -f '  /%.0f r,' 100001)
}"

# Where a rule goes is looked for, but not for ever: then it is the end.
{
	head -n 2 ls/in.jsonl
	seq -f '{"fact":"file","run":"@","workload":"ls","path":"/data/f%.0f","perms":"r"}' 10000 |
		sed "s/@/$(sed -n '1s/.*"run":"\([0-9a-f]*\)".*/\1/p' ls/in.jsonl)/"
	tail -n 1 ls/in.jsonl
} >"$work/files.jsonl"
{
	printf 'include <tunables/global>\nprofile a {\n'
	seq -f '  /data/g%.0f r,' 9000
	printf '  /z r,\n}\n'
} >"$work/many"
ends "update: many rules for a long profile" 0 '' \
	"${update[@]}" -q --exact "$work/many" "$work/files.jsonl"
holds "... are near those like them" grep -q '^  /data/f1 r, # added' <(grep -A 1 '/data/g9000 ' "$work/many")
holds "... or at the end" grep -q '^  /data/f[0-9]* r, # added' <(tail -n 2 "$work/many")

# Of seccomp: at the end of "syscalls", in the profile's own layout, and nothing else.
layout='{\n  "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],\n  "note": "\\"syscalls\\": [",\n  "syscalls": [%s]\n}\n'
ours='{"names":["brk","execve","exit_group","getdents64","openat","statfs"],"action":"SCMP_ACT_ALLOW"}'
has='{ "names": ["read", "write"], "action": "SCMP_ACT_ALLOW" }'
# layout WORDS BEFORE AFTER
layout_case() {
	# shellcheck disable=SC2059
	printf "$layout" "$2" >"$work/profile"
	ends "update: $1" 0 '.*leastcall: 6 calls added to .*' "$leastcall" update "$work/profile" ls/in.jsonl
	# shellcheck disable=SC2059
	printf "$layout" "$3" >"$work/want"
	check "... as it is written" "$work/profile" "$work/want"
	ends "... then nothing is missing" 0 'leastcall: nothing is missing in .*' \
		"$leastcall" update --check "$work/profile" ls/in.jsonl
}
line=$'\n    ' odd='{ "comment": "]\\\"}", '
layout_case "a seccomp profile, a line for each entry" "$line$has$line" "$line$has,$line$ours$line"
layout_case "... all on one line" "$has" "$has, $ours"
layout_case "... with a rule that has brackets and quotes" "$line$odd${has#??}" "$line$odd${has#??},$line$ours"
# shellcheck disable=SC2059
printf "$layout" "$has" >"$work/profile"
cp "$work/profile" "$work/before"
ends "update --check: a seccomp profile lacks something" 1 '.*leastcall: missing: brk .*' \
	"$leastcall" update --check "$work/profile" ls/in.jsonl
ends "update --dry-run: the same" 0 '.*leastcall: 6 calls missing in .*' \
	"$leastcall" update --dry-run "$work/profile" ls/in.jsonl
check "... and it is as it was" "$work/profile" "$work/before"
# What a profile answers with ENOSYS for libraries to fall back gives way where it is called.
{
	head -n 2 ls/in.jsonl
	for call in '332,"name":"statx"' '436,"name":"close_range"'; do
		sed -n "2s/\"fact\":\"workload\"\(.*\"workload\":\"ls\"\).*/\"fact\":\"syscall\"\1,\"exe\":\"\/usr\/bin\/ls\",\"abi\":\"x86_64\",\"nr\":$call,\"count\":1,\"first_ns\":1}/p" ls/in.jsonl
	done
	tail -n +3 ls/in.jsonl
} >"$work/newer.jsonl"
refuse() { printf '{"names":["clone3"%s],"action":"%s","errnoRet":38}' "$1" "${2:-SCMP_ACT_ERRNO}"; }
newer='{"names":["brk","close_range","execve","exit_group","getdents64","openat","statfs","statx"],"action":"SCMP_ACT_ALLOW"}'
# fallback_case WORDS BEFORE AFTER
fallback_case() {
	# shellcheck disable=SC2059
	printf "$layout" "$has, $2" >"$work/profile"
	ends "update: $1" 0 '.*leastcall: added: statx .*' "$leastcall" update "$work/profile" "$work/newer.jsonl"
	# shellcheck disable=SC2059
	printf "$layout" "$has$3, $newer" >"$work/want"
	check "... as it is written" "$work/profile" "$work/want"
	ends "... then nothing is missing" 0 '' \
		"$leastcall" diff --fail-on-new "$work/profile" "$work/newer.jsonl"
}
fallback_case "a fallback that is called" "$(refuse ', "statx", "close_range"')" ", $(refuse '')"
fallback_case "... the first of an entry" '{"names":[ "statx", "bpf" ],"action":"SCMP_ACT_ERRNO","errnoRet":38}' \
	', {"names":[ "bpf" ],"action":"SCMP_ACT_ERRNO","errnoRet":38}'
fallback_case "... all of an entry" '{"names":["statx"],"action":"SCMP_ACT_ERRNO","errnoRet":38}' ''
# shellcheck disable=SC2059
printf "$layout" "$has, $(refuse ',"statx"' SCMP_ACT_ERRNO | sed s/38/1/)" >"$work/profile"
ends "... that is answered otherwise is refused on purpose" 1 \
	'.*leastcall: not added, for the profile says otherwise: statx .*' \
	"$leastcall" update "$work/profile" "$work/newer.jsonl"
for made in "seccomp --families none" "docker --exact"; do
	# shellcheck disable=SC2086
	"$leastcall" profile $made -q ls/in.jsonl >"$work/old"
	ends "... in what leastcall profile $made made" 0 '.*leastcall: added: close_range .*' \
		"$leastcall" update "$work/old" "$work/newer.jsonl"
	ends "... then nothing is missing" 0 '' "$leastcall" diff --fail-on-new "$work/old" "$work/newer.jsonl"
done

# shellcheck disable=SC2059
printf "$layout" "${has/ALLOW/KILL}" >"$work/profile"
ends "update: what a seccomp profile refuses by a rule is not added" 1 \
	'.*leastcall: not added, for the profile says otherwise: read .*' \
	"$leastcall" update "$work/profile" ls/in.jsonl
holds "... the rest is" grep -q getdents64 "$work/profile"
ends "update: --profile is not for seccomp" 2 '.*--profile is for AppArmor.*' \
	"$leastcall" update --profile a "$work/profile" ls/in.jsonl
printf '{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"]}\n' >"$work/profile"
ends "update: a seccomp profile without a list of rules" 125 '.*there is no "syscalls" to add rules to' \
	"$leastcall" update "$work/profile" ls/in.jsonl

# Whatever was recorded, with arguments and in whatever dialect: half of a profile, updated, lacks nothing.
for made in */seccomp.json */docker.json; do
	[[ -s $made && ! -e $made.options && $(grep -l '"fact":"workload"' "${made%/*}"/*in.jsonl | wc -l) -eq 1 ]] || continue
	jq '.syscalls |= [to_entries[] | select(.key % 2 == 0 or .value.action != "SCMP_ACT_ALLOW").value]' \
		"$made" >"$work/half"
	"$leastcall" update -q --allow-incomplete "$work/half" "${made%/*}"/*in.jsonl 2>"$work/err"
	ends "update: half of $made lacks nothing then" 0 '.*' \
		"$leastcall" diff --fail-on-new "$work/half" "${made%/*}"/*in.jsonl
done
