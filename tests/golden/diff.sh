#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The part of the golden suite about diff, merge of profiles and profile --superset-of. Sourced by run,
# whose helpers, $leastcall and $work it uses.
# shellcheck disable=SC2154

# profile NAME:... [DEFAULT]: a profile that allows the names.
profile() {
	printf '{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":%s,"architectures":["SCMP_ARCH_X86_64"],"syscalls":[' "${2:-38}"
	printf '{"names":["%s"],"action":"SCMP_ACT_ALLOW"}]}\n' "${1//:/\",\"}"
}

# says WORDS STATUS COMMAND...: what it prints is stdin's, and nothing is on stderr.
says() {
	local words=$1 status=$2
	shift 2
	ends "$words" "$status" '' "$@"
	check "... $words" "$work/out" -
}

profile read:write >"$work/a.json"
profile write:mkdir >"$work/b.json"
profile write >"$work/c.json"

says "diff: two profiles" 1 "$leastcall" diff "$work/a.json" "$work/b.json" <<'END'
added: mkdir
removed: read
END
says "diff: nothing differs from itself" 0 "$leastcall" diff "$work/a.json" "$work/a.json" </dev/null
says "diff: a recording and what is made of it" 0 "$leastcall" diff ls/in.jsonl ls/seccomp.json \
	</dev/null
says "diff: --exact, and what is made of it" 0 \
	"$leastcall" diff --exact ls/exact.json ls/in.jsonl </dev/null
says "diff: two recordings" 1 "$leastcall" diff --exact runs/1.in.jsonl runs/2.in.jsonl <<'END'
executable added: /usr/bin/dash
added: clone (called by /usr/sbin/nginx)
added: read (called by /usr/bin/dash)
removed: accept4 (called by /usr/sbin/nginx)
removed: socket (called by /usr/sbin/nginx)
removed: unlink (called by /usr/sbin/nginx)
END
# What profile adds by rule is missed in no profile that was made without.
"$leastcall" profile seccomp -q --exact ls/in.jsonl -o "$work/exact.json"
says "diff --fail-on-new: the run that a profile was made of, whatever its options" 0 \
	"$leastcall" diff --fail-on-new "$work/exact.json" ls/in.jsonl </dev/null
ends "diff: but what a profile of it would add differs" 1 '' \
	"$leastcall" diff "$work/exact.json" ls/in.jsonl
says "diff --fail-on-new: something has gone" 0 \
	"$leastcall" diff --fail-on-new "$work/a.json" "$work/c.json" <<<'removed: read'
says "diff --fail-on-new: something is new" 1 \
	"$leastcall" diff --fail-on-new "$work/c.json" "$work/b.json" <<<'added: mkdir'
# With a default that logs everything runs that is not refused.
logged='{"defaultAction":"SCMP_ACT_LOG","architectures":["SCMP_ARCH_X86_64"],"syscalls":['
refused='{"names":["statfs"],"action":"SCMP_ACT_ERRNO"}'
echo "$logged]}" >"$work/logged.json"
echo "$logged$refused]}" >"$work/logged-but.json"
says "diff --fail-on-new: no longer refused where the default logs" 1 \
	"$leastcall" diff --fail-on-new "$work/logged-but.json" "$work/logged.json" \
	<<<'added: statfs, now logged by default'
holds "profile --base: a default that logs refuses nothing of its own" \
	diff "$work/exact.json" \
	<("$leastcall" profile seccomp -q --exact --base "$work/logged.json" ls/in.jsonl)
"$leastcall" profile seccomp -q --exact --base "$work/logged-but.json" ls/in.jsonl \
	-o "$work/without.json"
says "profile --base: ... but what its rules do" 1 \
	"$leastcall" diff "$work/exact.json" "$work/without.json" \
	<<<'removed: statfs'
# shellcheck disable=SC2016
says "diff: pipes" 1 bash -c '"$0" diff <(cat "$1") - < <(cat "$2")' \
	"$leastcall" "$work/c.json" "$work/b.json" <<<'added: mkdir'
says "diff --json" 1 "$leastcall" diff --json "$work/c.json" "$work/b.json" <<'END'
{"new":true,"differences":[
{"what":"added","new":true,"name":"mkdir","before":"none","after":"any","callers":[]}
]}
END
ends "diff -o" 1 '' "$leastcall" diff -o "$work/told" "$work/c.json" "$work/b.json"
echo 'added: mkdir' | check "... writes there" "$work/told" -
ends "diff -o: over A" 2 'leastcall: diff: -o .* is A or B: .*' \
	"$leastcall" diff -o "$work/a.json" "$work/a.json" "$work/b.json"
ends "diff: three files" 2 'leastcall: diff: it wants two files, A and B, not 3 .*' \
	"$leastcall" diff a b c
ends "diff --exact: two profiles" 2 'leastcall: diff: --exact is for recordings, .*' \
	"$leastcall" diff --exact "$work/a.json" "$work/b.json"
ends "diff: neither the one nor the other" 125 \
	'leastcall: run is neither a recording nor a profile' \
	"$leastcall" diff run "$work/a.json"
ends "diff: several workloads" 125 \
	'leastcall: workloads/in.jsonl holds 3 workloads: choose with --workload NAME' \
	"$leastcall" diff workloads/in.jsonl "$work/a.json"
ends "diff: incomplete" 0 'leastcall: incomplete/in.jsonl is incomplete: .*' \
	"$leastcall" diff incomplete/in.jsonl incomplete/in.jsonl
ends "diff: a bad profile" 125 "leastcall: $work/bad.json: syscalls\\[0\\].action: missing" \
	"$leastcall" diff "$work/a.json" "$work/bad.json"

# The union of profiles, in any order, over one of them too.
"$leastcall" merge "$work/a.json" "$work/b.json" >"$work/ab.json"
says "merge: profiles" 1 "$leastcall" diff "$work/a.json" "$work/ab.json" <<<'added: mkdir'
says "merge: profiles: all that they allow" 1 "$leastcall" diff "$work/b.json" "$work/ab.json" \
	<<<'added: read'
cp "$work/b.json" "$work/self.json"
ends "merge -o: over a profile" 0 '' \
	"$leastcall" merge -o "$work/self.json" "$work/self.json" "$work/a.json"
check "... is the same" "$work/self.json" "$work/ab.json"
ends "merge: a profile and a recording" 125 \
	"leastcall: ls/in.jsonl is a recording and $work/a.json is a profile: .*" \
	"$leastcall" merge "$work/a.json" ls/in.jsonl
profile read 1 >"$work/eperm.json"
ends "merge: other defaults" 125 \
	"leastcall: $work/eperm.json: what it does not name meets SCMP_ACT_ERRNO EPERM, and .*" \
	"$leastcall" merge "$work/a.json" "$work/eperm.json"
ends "merge: a list of what is denied" 125 ".*/all.json: it is a list of what is denied .*" \
	"$leastcall" merge "$work/a.json" "$work/all.json"
ends "merge: other architectures" 0 'leastcall: the profiles list different architectures: .*' \
	"$leastcall" merge "$work/a.json" i386/seccomp.json

# A new profile that must not fall behind the old one.
ends "profile --superset-of: it allows as much" 0 '' \
	"$leastcall" profile seccomp --quiet --superset-of ls/exact.json ls/in.jsonl
rm -f "$work/kept.json"
ends "profile --superset-of: it allows less" 1 \
	"leastcall: $work/b.json allows what this profile would not; nothing was written"$'\n''leastcall: removed: mkdir' \
	"$leastcall" profile seccomp --superset-of "$work/b.json" -o "$work/kept.json" ls/in.jsonl
holds "... nothing is written" test ! -e "$work/kept.json"
ends "profile --superset-of: no profile" 125 \
	'leastcall: --superset-of: ls/in.jsonl: it is a recording: .*' \
	"$leastcall" profile seccomp --superset-of ls/in.jsonl ls/in.jsonl
ends "profile --superset-of --each" 2 '.*--superset-of is for one profile, not for --each.*' \
	"$leastcall" profile seccomp --each "$work/none" --superset-of "$work/a.json" ls/in.jsonl

# Profiles of AppArmor: what they allow, not how they say it.
apparmor=("$leastcall" diff --apparmor-dir apparmor.d)
printf 'include <tunables/global>\nprofile a {\n  include <abstractions/base>\n  /etc/x rw, # why\n  file /etc/[0-9]* r,\n  capability chown,\n  capability kill,\n  deny /root/** r,\n}\n' \
	>"$work/a.aa"
printf 'include <tunables/global>\nprofile b /usr/bin/b {\n  include <abstractions/base>\n  capability kill chown,\n  r /etc/*,\n  wr /etc/x,\n  /etc/ld.so.cache r,\n  network inet,\n  @{PROC}/@{pid}/maps r,\n}\n' \
	>"$work/b.aa"
sed 's,^}, /new r\,\n&,' "$work/a.aa" >"$work/new.aa"
printf 'include <tunables/global>\nprofile a {\n  include <abstractions/base>\n}\n' >"$work/base.aa"
handed='leastcall: AppArmor: what its parent opened and handed down .*'
says "diff: two AppArmor profiles" 1 "${apparmor[@]}" "$work/a.aa" "$work/b.aa" <<'END'
added: /etc/* r
added: network inet
removed: deny /root/** r
END
says "diff: ... the other way round" 1 "${apparmor[@]}" "$work/b.aa" "$work/a.aa" <<'END'
added: deny /root/** r
removed: /etc/* r
removed: network inet
END
says "diff --fail-on-new: a rule that denies is none" 0 \
	"${apparmor[@]}" --fail-on-new --json "$work/b.aa" "$work/a.aa" \
	<<<'{"new":false,"differences":[
{"what":"added","new":false,"name":"deny /root/** r"},
{"what":"removed","new":false,"name":"/etc/* r"},
{"what":"removed","new":false,"name":"network inet"}
]}'
says "diff: an AppArmor profile and itself" 0 "${apparmor[@]}" "$work/a.aa" "$work/a.aa" </dev/null
says "diff --fail-on-new: an AppArmor profile and what it was made of" 0 \
	"${apparmor[@]}" --fail-on-new apparmor-abstractions/apparmor-none.profile \
	apparmor-abstractions/in.jsonl </dev/null
says "diff --fail-on-new: an AppArmor profile and what it was not made of" 1 \
	"${apparmor[@]}" --fail-on-new update/mine.before update/app.jsonl <<'END'
added: "/srv/\134n \012#" r
added: /etc/app.conf rw
added: /etc/app.d/ r
added: /etc/ld.so.cache w
added: /etc/passwd r
added: /opt/app/data rk
added: /opt/app/link/new w
added: /tmp/a.log rwk
added: /usr/bin/tool mrix
added: owner /tmp/mine rw
added: capability chown
added: capability setuid
added: network inet stream
added: signal (send) set=(term) peer=unconfined
END
says "diff --json: something is new" 1 \
	"${apparmor[@]}" --json "$work/a.aa" "$work/new.aa" <<'END'
{"new":true,"differences":[
{"what":"added","new":true,"name":"/new r"}
]}
END
says "diff: a recording would include base, too" 0 \
	"${apparmor[@]}" apparmor-files-names/apparmor.profile apparmor-files-names/in.jsonl </dev/null
says "diff --exact: ... and would not" 1 "${apparmor[@]}" --exact \
	"$work/base.aa" ls/in.jsonl <<'END'
added: /home/ann/src/ r
added: /usr/bin/ls mr
added: @{PROC}/@{pid}/task/@{tid}/attr/current r
removed: include <abstractions/base>
END
# With a profile within the profile for what is executed: one is compared with one.
ends "diff: a profile with children and what it was made of" 0 "$handed" \
	"${apparmor[@]}" apparmor-children/apparmor-profile.profile apparmor-children/in.jsonl
sed 's,^\([[:blank:]]*\)profile ls .*,&\n\1  /only/ls r\,,' \
	apparmor-children/apparmor-profile.profile >"$work/children.aa"
ends "diff: ... one of which has more" 1 "$handed" \
	"${apparmor[@]}" "$work/children.aa" apparmor-children/in.jsonl
echo 'removed: /only/ls r' | check "... is told" "$work/out" -
# Of recordings that hold no calls.
grep -v '"fact":"syscall"' update/app.jsonl >"$work/files.jsonl"
grep -v '"path":"/etc/app.d/"' "$work/files.jsonl" >"$work/fewer.jsonl"
says "diff --apparmor: recordings of files alone" 1 "$leastcall" diff --apparmor \
	"$work/fewer.jsonl" "$work/files.jsonl" <<<'added: /etc/app.d/ r'
says "diff --apparmor: two recordings" 1 "$leastcall" diff --apparmor runs/1.in.jsonl runs/2.in.jsonl <<'END'
added: /usr/bin/dash mrix
added: /usr/sbin/nginx mrix
added: @{run}/nginx.pid k
added: unix (create, shutdown, getattr, getopt, setopt, receive) type=dgram
removed: /etc/nginx/nginx.conf r
removed: /var/log/nginx/access.log w
removed: @{run}/nginx.pid rw
removed: capability setuid
END
ends "diff: an AppArmor and a seccomp profile" 125 \
	"leastcall: ls/seccomp.json is a seccomp profile, and what it is compared with is AppArmor's" \
	"${apparmor[@]}" "$work/a.aa" ls/seccomp.json
ends "diff --apparmor: seccomp profiles" 125 'leastcall: ls/seccomp.json is a seccomp profile, .*' \
	"$leastcall" diff --apparmor ls/seccomp.json ls/exact.json
printf 'profile a {\n  @{none}/** r,\n}\n' >"$work/none.aa"
ends "diff: a rule that counts as none" 1 \
	'leastcall: .*/none.aa:2: the rule counts as none: there is no variable @.none.' \
	"${apparmor[@]}" "$work/none.aa" "$work/a.aa"
printf 'profile a {\n' >"$work/broken.aa"
ends "diff: a broken AppArmor profile" 125 'leastcall: .*:2: a . without its .' \
	"${apparmor[@]}" "$work/a.aa" "$work/broken.aa"
ends "merge: an AppArmor profile" 125 'leastcall: .* is an AppArmor profile: merge .*' \
	"$leastcall" merge "$work/a.aa" ls/in.jsonl

# Profiles that somebody made to be hard: a word, no hang.
{
	printf 'profile x {\n'
	seq -f '  /{*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*}%.0f Z r,' 1 3000
	echo '}'
} | sed "s:\*,\*:$(printf '*,%.0s' {1..40})*:g; s/ Z/Z/" >"$work/stars.aa"
ends "diff: patterns of many stars" 125 \
	'leastcall: .*/stars.aa:[0-9]+: what is asked of this profile takes more than 800 million steps: .*' \
	timeout 20 "${apparmor[@]}" "$work/stars.aa" "$work/stars.aa"
