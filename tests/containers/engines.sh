# shellcheck shell=bash disable=SC2154,SC2034
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# How each engine is started, runs one container and is stopped, on a machine without systemd,
# without networks, and where root may lack CAP_SYS_RESOURCE. It knows nothing of what is tested.
#
#	up ENGINE            start what it needs; a skip, and false, where that cannot be
#	ENGINE_run NAME COMMAND...
#	                     run a container to its end, in the foreground; its output is printed
#	ENGINE_kill NAME     end it now
#	ENGINE_down          stop all of it
#
# A container has the image's root, $BUILD/containers read-only as /t, and a directory of its own,
# share_of NAME, as /share. How it is run: variables, to be set for one call or by `local`.
uid=0      # and gid
nnp=       # 1: with no_new_privs
seccomp=   # a profile, or unconfined; none: the engine's own
parent=    # the cgroup to be in, a path below the hierarchy's root
limit=60   # seconds that a command of an engine may take
image=docker.io/leastcall/work:0 # its user is root; work:1000: 1000

# Where the machine's layout is hybrid: a mount namespace with cgroup2 alone, for what cannot do
# with another one. Where it is not: nothing but the command.
v2() {
	if [[ $(stat -f -c %T /sys/fs/cgroup) == cgroup2fs ]]; then
		bounded $limit "$@"
		return
	fi
	if [[ ! -s $work/ns.ready ]]; then
		mkdir -p "$work/ns"
		mount -t tmpfs -o size=64k none "$work/ns"
		mount --make-private "$work/ns"
		touch "$work/ns/v2"
		unshare --mount="$work/ns/v2" --propagation private sh -c '
			umount -R /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup' || return
		echo ready >"$work/ns.ready"
	fi
	bounded $limit nsenter --mount="$work/ns/v2" "$@"
}

# up ENGINE [WORDS]: in this shell, whose children daemons are.
up() {
	"$1_up" >"$work/why" && return
	skip "${2:-$1}" "$(<"$work/why")"
	return 1
}

share_of() {
	mkdir -p "$work/share/$1"
	chmod 777 "$work/share/$1"
	echo "$work/share/$1"
}

# Containers' layers: overlayfs where this directory's file system can carry one.
layers() {
	mkdir -p "$work/layer/"{lower,upper,scratch,merged}
	if mount -t overlay -o "lowerdir=$work/layer/lower,upperdir=$work/layer/upper,workdir=$work/layer/scratch" \
		none "$work/layer/merged" 2>/dev/null; then
		umount "$work/layer/merged"
		echo "$1"
	else
		echo "$2"
	fi
}

# ---- podman

podman_() {
	CONTAINERS_CONF=$work/podman/containers.conf bounded $limit podman --root "$work/podman/root" \
		--runroot "$work/podman/run" --tmpdir "$work/podman/tmp" \
		--storage-driver "$(<"$work/podman/driver")" --cgroup-manager cgroupfs --runtime runc "$@"
}

podman_up() {
	command -v podman >/dev/null || {
		echo "no podman here"
		return 1
	}
	mkdir -p "$work/podman"
	layers overlay vfs >"$work/podman/driver"
	# No limit above what a root without CAP_SYS_RESOURCE has already.
	cat >"$work/podman/containers.conf" <<-'CONF'
		[containers]
		default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
		pids_limit = 0
		[engine]
		events_logger = "file"
	CONF
	limit=120 podman_ load -q -i "$containers/image.tar" >"$work/podman/log" 2>&1 || {
		echo "podman load: $(tail -n 1 "$work/podman/log")"
		return 1
	}
}

podman_run() {
	local name=$1
	shift
	podman_ run --rm --name "$name" --network none --user "$uid:$uid" \
		-v "$(share_of "$name"):/share" -v "$BUILD/containers:/t:ro" --tmpfs /tmp:mode=1777 \
		${nnp:+--security-opt no-new-privileges} ${seccomp:+--security-opt "seccomp=$seccomp"} \
		${parent:+--cgroup-parent "$parent"} ${privileged:+--privileged} "$image" "$@"
}

podman_kill() { limit=20 podman_ rm -f -t 0 "$1" >/dev/null 2>&1; }

podman_down() {
	[[ -d $work/podman ]] || return 0
	limit=60 podman_ rm -f -a -t 0 >/dev/null 2>&1
}

# ---- containerd, for docker and ctr

containerd_up() {
	[[ ! -S $work/containerd/sock ]] || return 0
	command -v containerd >/dev/null || {
		echo "no containerd here"
		return 1
	}
	mkdir -p "$work/containerd/cni"
	cat >"$work/containerd/config.toml" <<-CONF
		version = 2
		root = "$work/containerd/root"
		state = "$work/containerd/state"
		[grpc]
		  address = "$work/containerd/sock"
		[plugins."io.containerd.grpc.v1.cri"]
		  sandbox_image = "$image"
		  restrict_oom_score_adj = true
		  disable_apparmor = true
		  [plugins."io.containerd.grpc.v1.cri".containerd]
		    snapshotter = "$(layers overlayfs native)"
		  [plugins."io.containerd.grpc.v1.cri".cni]
		    conf_dir = "$work/containerd/cni"
	CONF
	containerd -c "$work/containerd/config.toml" >"$work/containerd/log" 2>&1 &
	containerd_pid=$!
	limit=5 until_true 30 ctr_ version >/dev/null 2>&1 || {
		echo "containerd: $(tail -n 1 "$work/containerd/log")"
		return 1
	}
}

containerd_down() {
	[[ -n ${containerd_pid:-} ]] || return 0
	end_daemon "$containerd_pid"
	containerd_pid=
	rm -f "$work/containerd/sock"
}

# end_daemon PID: asks it to end, and waits.
end_daemon() {
	kill "$1" 2>/dev/null
	await "$1"
}

namespace=lct # containerd's
ctr_() { bounded $limit ctr -a "$work/containerd/sock" -n $namespace "$@"; }

ctr_up() {
	command -v ctr >/dev/null || {
		echo "no ctr here"
		return 1
	}
	containerd_up || return
	limit=120 ctr_ image import --snapshotter "$(layers overlayfs native)" \
		"$containers/image.tar" >"$work/containerd/import" 2>&1 || {
		echo "ctr import: $(tail -n 1 "$work/containerd/import")"
		return 1
	}
}

# Annotations for a container: KEY=VALUE words.
annotations=()
ctr_run() {
	local name=$1 option options=()
	shift
	for option in "${annotations[@]}"; do
		options+=(--annotation "$option")
	done
	[[ -n $nnp ]] || options+=(--allow-new-privs)
	[[ -z $seccomp || $seccomp == unconfined ]] || options+=(--seccomp --seccomp-profile "$seccomp")
	[[ -z $parent ]] || options+=(--cgroup "$parent/$name")
	ctr_ run --rm --snapshotter "$(layers overlayfs native)" "${options[@]}" \
		--mount "type=bind,src=$(share_of "$name"),dst=/share,options=rbind:rw" \
		--mount "type=bind,src=$BUILD/containers,dst=/t,options=rbind:ro" \
		"${image%:0}:$uid" "$name" "$@"
}

ctr_kill() {
	limit=10 ctr_ task kill -a -s KILL "$1" >/dev/null 2>&1
	limit=10 ctr_ task rm -f "$1" >/dev/null 2>&1
	limit=10 ctr_ container rm "$1" >/dev/null 2>&1
}

ctr_down() {
	local name
	[[ -n ${containerd_pid:-} ]] || return 0
	for name in $(limit=10 ctr_ container ls -q 2>/dev/null); do
		ctr_kill "$name"
	done
	[[ -n ${dockerd_pid:-} ]] || containerd_down
}

# ---- docker

docker_() { bounded $limit docker -H "unix://$work/docker/sock" "$@"; }

docker_up() {
	command -v dockerd >/dev/null || {
		echo "no dockerd here"
		return 1
	}
	containerd_up || return
	mkdir -p "$work/docker"
	dockerd --host "unix://$work/docker/sock" --data-root "$work/docker/root" \
		--exec-root "$work/docker/exec" --pidfile "$work/docker/pid" \
		--containerd "$work/containerd/sock" --storage-driver "$(layers overlay2 vfs)" \
		--bridge=none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false \
		>"$work/docker/log" 2>&1 &
	dockerd_pid=$!
	limit=5 until_true 60 docker_ version >/dev/null 2>&1 &&
		limit=120 docker_ load -q -i "$containers/image.tar" >"$work/docker/load" 2>&1 || {
		echo "dockerd: $(tail -n 1 "$work/docker/log")"
		return 1
	}
}

docker_run() {
	local name=$1
	shift
	docker_ run --rm --name "$name" --network none --user "$uid:$uid" \
		-v "$(share_of "$name"):/share" -v "$BUILD/containers:/t:ro" --tmpfs /tmp:mode=1777 \
		${nnp:+--security-opt no-new-privileges} ${seccomp:+--security-opt "seccomp=$seccomp"} \
		${parent:+--cgroup-parent "$parent"} ${privileged:+--privileged} "$image" "$@"
}

docker_kill() { limit=20 docker_ rm -f "$1" >/dev/null 2>&1; }

docker_down() {
	local name
	[[ -n ${dockerd_pid:-} ]] || return 0
	for name in $(limit=10 docker_ ps -aq 2>/dev/null); do
		docker_kill "$name"
	done
	end_daemon "$dockerd_pid"
	dockerd_pid=
	containerd_down
}

# ---- runc and crun: bundles

bundle_template() {
	[[ -s $work/spec.json ]] || (cd "$work" && runc spec && mv config.json spec.json)
}

# bundle DIRECTORY NAME COMMAND...: a bundle with the root file system, shared and read-only.
bundle() {
	local dir=$1 name=$2
	shift 2
	mkdir -p "$dir"
	bundle_template
	jq --arg root "$containers/root" --arg share "$(share_of "$name")" \
		--arg programs "$BUILD/containers" --arg cgroup "${parent:-/lct}/$name" \
		--argjson uid "$uid" --argjson nnp "${nnp:-0}" \
		--slurpfile seccomp "${seccomp:-/dev/null}" '
		def tmpfs($to): {destination: $to, type: "tmpfs", source: "tmpfs", options: ["mode=1777"]};
		def bind($to; $from; $how):
			{destination: $to, type: "bind", source: $from, options: ["rbind", $how]};
		# as docker has them by default
		("CHOWN DAC_OVERRIDE FSETID FOWNER NET_RAW SETGID SETUID SETFCAP SETPCAP KILL " +
			"NET_BIND_SERVICE SYS_CHROOT MKNOD AUDIT_WRITE" |
			split(" ") | map("CAP_" + .)) as $capabilities |
		.process.terminal = false | .process.args = $ARGS.positional |
		.process.user = {uid: $uid, gid: $uid} | .process.noNewPrivileges = ($nnp == 1) |
		.process.capabilities = {bounding: $capabilities, effective: $capabilities,
			permitted: $capabilities} |
		del(.process.rlimits, .linux.resources) |
		.root = {path: $root, readonly: true} | .linux.cgroupsPath = $cgroup |
		.mounts += [tmpfs("/tmp"), bind("/share"; $share; "rw"), bind("/t"; $programs; "ro")] |
		if $seccomp == [] then . else .linux.seccomp = $seccomp[0] end
		' "$work/spec.json" --args -- "$@" >"$dir/config.json"
}

runc_up() {
	command -v runc >/dev/null || {
		echo "no runc here"
		return 1
	}
}

# A start of the bundle that is there.
runc_start() { bounded $limit runc run -b "$work/bundle/$1" "$1"; }

runc_run() {
	bundle "$work/bundle/$1" "$@"
	runc_start "$1"
}

runc_kill() { bounded 10 runc delete -f "$1" >/dev/null 2>&1; }

crun_up() {
	command -v crun >/dev/null || {
		echo "no crun here"
		return 1
	}
}

crun_start() { v2 crun run -b "$work/bundle/$1" "$1"; }

crun_run() {
	bundle "$work/bundle/$1" "$@"
	crun_start "$1"
}

crun_kill() { limit=10 v2 crun delete -f "$1" >/dev/null 2>&1; }

bundles_down() {
	local dir
	for dir in "$work"/bundle/*/; do
		[[ ! -e /run/runc/$(basename "$dir") ]] || runc_kill "$(basename "$dir")"
		[[ ! -e /run/crun/$(basename "$dir") ]] || crun_kill "$(basename "$dir")"
	done
}
runc_down() { bundles_down; }
crun_down() { bundles_down; }

# ---- lxc

lxc_up() {
	command -v lxc-start >/dev/null || {
		echo "no lxc-start here"
		return 1
	}
}

lxc_run() {
	local name=$1 dir=$work/lxc/$1 share
	share=$(share_of "$1")
	shift
	mkdir -p "$dir"
	printf '%s\n' '#!/bin/sh' "exec $(printf '%q ' "$@") >/share/out 2>&1" >"$share/init"
	chmod 755 "$share/init"
	rm -f "$share/out"
	cat >"$dir/config" <<-CONF
		lxc.uts.name = $name
		lxc.rootfs.path = dir:$containers/root
		lxc.rootfs.options = ro
		lxc.net.0.type = empty
		lxc.net.0.flags = up
		lxc.mount.auto = proc:mixed sys:ro
		lxc.mount.entry = none tmp tmpfs mode=1777 0 0
		lxc.mount.entry = $share share none bind,rw 0 0
		lxc.mount.entry = $BUILD/containers t none bind,ro 0 0
		lxc.apparmor.profile = unconfined
		lxc.seccomp.profile = /usr/share/lxc/config/common.seccomp
		lxc.tty.max = 0
		lxc.pty.max = 1
		lxc.console.path = none
		lxc.environment = PATH=/bin:/sbin
		lxc.init.cmd = /share/init
		lxc.init.uid = $uid
		lxc.init.gid = $uid
		${nnp:+lxc.no_new_privs = 1}
	CONF
	bounded $limit lxc-start -F -P "$work/lxc" -n "$name" </dev/null
	local status=$?
	cat "$share/out"
	return $status
}

lxc_kill() { bounded 10 lxc-stop -k -P "$work/lxc" -n "$1" >/dev/null 2>&1; }

lxc_down() {
	local dir
	for dir in "$work"/lxc/*/; do
		[[ ! -d $dir ]] || lxc_kill "$(basename "$dir")"
	done
}

# ---- systemd-nspawn, in a cgroup of its own as it has no systemd to ask for one

nspawn_up() {
	command -v systemd-nspawn >/dev/null || {
		echo "no systemd-nspawn here"
		return 1
	}
}

nspawn_run() {
	local name=$1 share cgroup
	share=$(share_of "$1")
	cgroup=${parent:-/lct}/of-$name
	shift
	# Its --user asks the root's getent(1), and busybox has none.
	[[ $uid -eq 0 ]] || set -- su app -c "$*"
	in_cgroup "$cgroup" timeout --foreground --kill-after=5 $limit systemd-nspawn --register=no --keep-unit -q --pipe --machine="$name" \
		--private-network --read-only --timezone=off --tmpfs=/tmp:mode=1777 --bind="$share:/share" \
		--bind-ro="$BUILD/containers:/t" ${nnp:+--no-new-privileges=1} \
		-D "$containers/root" "$@" </dev/null
	local status=$?
	# Nobody else removes it.
	remove_cgroup "$cgroup"
	return $status
}

nspawn_kill() { kill_cgroup "/lct/of-$1"; }

nspawn_down() {
	kill_cgroup /lct
	rmdir /run/systemd/nspawn/propagate/lct* 2>/dev/null
}
