# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The cases with a container, of a root file system that holds busybox and what it works on. Part of
# confined, whose functions it uses; knows runc and crun.

# The work, with names that are new each time; and what it never did.
container_work() {
	cat <<-'SCRIPT'
		set -e
		mkdir -p /data/tmp /data/keep
		scratch=$(mktemp /data/tmp/work.XXXXXX)
		grep needle /etc/hay | sort >"$scratch"
		mv "$scratch" /data/keep/sorted
		ln -s sorted /data/keep/link
		cat /data/keep/link >>/data/log
		chmod 600 /data/log
		rm -r /data/keep
		rmdir /data/tmp
		[ -z "$1" ] || cat /etc/secret
	SCRIPT
}

# bundle_new ENGINE PROFILE [PRY]: a fresh one in the directory "box".
bundle_new() {
	rm -rf box
	mkdir -p box/rootfs/{bin,etc,data,proc,dev,sys}
	cp "$(command -v busybox)" box/rootfs/bin/busybox
	ln -s busybox box/rootfs/bin/sh
	printf 'needle 2\nhay\nneedle 1\n' >box/rootfs/etc/hay
	echo secret >box/rootfs/etc/secret
	container_work >box/rootfs/etc/work
	"$1" spec --bundle box 2>/dev/null || (cd box && "$1" spec)
	jq --arg profile "$2" --arg pry "${3:-}" '.process.terminal = false | .root.readonly = false |
		.process.args = ["/bin/sh", "/etc/work", $pry] | .process.env = ["PATH=/bin"] |
		.linux.cgroupsPath = "/lc-box" | .process.apparmorProfile = $profile |
		if $profile == "" then del(.process.apparmorProfile) else . end' \
		box/config.json >box/config.new && mv box/config.new box/config.json
}

# contained ENGINE PROFILE [PRY]
contained() {
	bundle_new "$@"
	bounded 60 "$1" run --bundle box lc-box >out 2>&1 </dev/null
}

# container_recorded ENGINE: twice.
container_recorded() {
	local run recorder status=0
	for run in 1 2; do
		"$LEASTCALL" record -o "box.$run" --container lc-box </dev/null >/dev/null 2>err &
		recorder=$!
		until_true 60 grep -q 'waiting for' err || not_ok "$1: the recorder waits" "$(<err)"
		contained "$1" "" || status=$?
		await "$recorder" || status=$((100 + $?))
	done
	same "container, $1: works, and the recordings are complete" "$status" 0 ||
		echo "# $(tail -n 3 out err)"
}

# container ENGINE
container() {
	local status statuses='' run
	container_recorded "$1" || return
	profile_of box box.1 box.2 || return
	mark
	for run in 1 2 3; do
		status=0
		contained "$1" leastcall-lc-box || status=$?
		statuses+="$status "
		[[ $status -eq 0 ]] || break
	done
	log_read
	same "container, $1: three runs as without a profile" "$statuses" "0 0 0 " ||
		echo "# $(tail -n 3 out)"
	same "container, $1: AppArmor denies nothing" "$(said DENIED)" ""
	status=0
	contained "$1" "" pry || status=$?
	same "container, $1: without a profile it reads what it never read" "$status $(<out)" "0 secret"
	status=0
	mark
	contained "$1" leastcall-lc-box pry || status=$?
	same "container, $1: under its profile it does not" "$status $(grep -c secret$ out)" "1 0"
	denied "... and AppArmor said so" 'operation="open".*name="/etc/secret"'
}

# Either starts a container under a profile as the other does.
case_container() {
	local engine
	for engine in crun runc; do
		command -v "$engine" >/dev/null || continue
		container "$engine"
		return
	done
	skip "container" "neither crun nor runc here"
}
