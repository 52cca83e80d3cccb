# shellcheck shell=bash disable=SC2154,SC2034
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A kubelet on its own: static pods from a directory, no API server, no network but the host's, on
# the containerd of engines.sh. An engine like those there; a container NAME is in the pod NAME-lct
# of the namespace lct.

kubelet_up() {
	[[ -x $containers/kubelet ]] || {
		echo "no kubelet here (make check-containers-all builds one)"
		return 1
	}
	local dir=$work/kubelet root
	[[ ! -e /var/lib/kubelet ]] || {
		echo "this machine has a kubelet of its own"
		return 1
	}
	containerd_up || return
	mkdir -p "$dir"/{manifests,root,certs,sysctl,seccomp}
	namespace=k8s.io limit=120 ctr_ image import --snapshotter "$(layers overlayfs native)" \
		"$containers/image.tar" >"$dir/import" 2>&1 || {
		echo "ctr import: $(tail -n 1 "$dir/import")"
		return 1
	}
	for root in "$hierarchy" /sys/fs/cgroup/*/; do
		[[ ! -e $root/cgroup.procs ]] || mkdir -p "$root/lct"
	done
	cat >"$dir/config.yaml" <<-CONF
		apiVersion: kubelet.config.k8s.io/v1beta1
		kind: KubeletConfiguration
		staticPodPath: $dir/manifests
		cgroupDriver: cgroupfs
		cgroupRoot: /lct
		enableServer: false
		healthzPort: 0
		makeIPTablesUtilChains: false
		failSwapOn: false
		oomScoreAdj: 0
		fileCheckFrequency: 1s
		syncFrequency: 1s
		authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
		authorization: {mode: AlwaysAllow}
		enforceNodeAllocatable: []
	CONF
	# The sysctls that it insists on are plain files for it: the host's stay as they are.
	unshare -m --propagation slave bash -c '
		for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 \
			kernel/panic_on_oops=1 kernel/keys/root_maxkeys=1000000 \
			kernel/keys/root_maxbytes=25000000; do
			file=$1/sysctl/${setting//[^a-z_]/.}
			echo "${setting#*=}" >"$file"
			[[ ! -e /proc/sys/${setting%=*} ]] || mount --bind "$file" "/proc/sys/${setting%=*}"
		done
		exec "$2" --config "$1/config.yaml" --root-dir "$1/root" --cert-dir "$1/certs" \
			--seccomp-profile-root "$1/seccomp" --container-runtime remote \
			--container-runtime-endpoint "unix://$3" --image-service-endpoint "unix://$3" \
			--hostname-override lct' kubelet \
		"$dir" "$containers/kubelet" "$work/containerd/sock" >"$dir/log" 2>&1 &
	kubelet_pid=$!
}

# The annotation: two pods whose manifests are equal are one pod for it, which has ended.
kubelet_run() {
	local name=$1 share dir=$work/kubelet escalate=true profile=
	share=$(share_of "$name")
	shift
	rm -f "$share/out" "$share/status"
	printf '%s\n' '#!/bin/sh' "$(printf '%q ' "$@") >/share/out 2>&1" 'echo $? >/share/status' \
		>"$share/init"
	chmod 755 "$share/init"
	[[ -z $nnp ]] || escalate=false
	if [[ -n $seccomp ]]; then
		cp "$seccomp" "$dir/seccomp/$name.json"
		profile="{type: Localhost, localhostProfile: $name.json}"
	fi
	cat >"$dir/$name.yaml" <<-POD
		apiVersion: v1
		kind: Pod
		metadata: {name: $name, namespace: lct, annotations: {started: "$EPOCHREALTIME"}}
		spec:
		  hostNetwork: true
		  restartPolicy: Never
		  terminationGracePeriodSeconds: 1
		  securityContext: {runAsUser: $uid, runAsGroup: $uid}
		  volumes:
		  - {name: share, hostPath: {path: $share}}
		  - {name: t, hostPath: {path: $BUILD/containers}}
		  containers:
		  - name: $name
		    image: "$image"
		    imagePullPolicy: Never
		    command: [/share/init]
		    securityContext: {allowPrivilegeEscalation: $escalate${profile:+, seccompProfile: $profile}}
		    volumeMounts:
		    - {name: share, mountPath: /share}
		    - {name: t, mountPath: /t, readOnly: true}
		    resources: {requests: {cpu: 50m}}
	POD
	mv "$dir/$name.yaml" "$dir/manifests/$name.yaml"
	until_true "$limit" test -s "$share/status"
	cat "$share/out"
	kubelet_kill "$name"
	[[ $(cat "$share/status" 2>/dev/null) == 0 ]]
}

# A pod is gone when its sandbox is.
kubelet_kill() {
	rm -f "$work/kubelet/manifests/$1.yaml"
	namespace=k8s.io until_true 30 kubelet_idle
}

kubelet_idle() { [[ $(limit=10 ctr_ task ls -q 2>/dev/null | wc -l) -eq 0 ]]; }

kubelet_down() {
	local name
	[[ -n ${kubelet_pid:-} ]] || return 0
	rm -f "$work"/kubelet/manifests/*
	namespace=k8s.io until_true 20 kubelet_idle
	end_daemon "$kubelet_pid"
	kubelet_pid=
	for name in $(namespace=k8s.io limit=10 ctr_ container ls -q 2>/dev/null); do
		namespace=k8s.io ctr_kill "$name"
	done
	containerd_down
	rm -rf /var/log/pods/lct_* /var/log/containers/*_lct_*
	# What it makes whatever it is told; with something of another's in it, it stays.
	rm -f /var/lib/kubelet/device-plugins/{DEPRECATION,kubelet.sock}
	rmdir -p /var/log/pods /var/log/containers /var/lib/kubelet/device-plugins \
		/usr/libexec/kubernetes/kubelet-plugins/volume/exec 2>/dev/null
}
