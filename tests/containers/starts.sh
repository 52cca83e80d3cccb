# shellcheck shell=bash disable=SC2154,SC2034
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Starts of a container under a profile: how many of them worked. A start works where its program
# says at its end that it did, whatever the exit status.

# One of those that run beside each other: each has a bundle of its own.
starts_some() {
	local runtime=$1 count=$2 app=$3 name=$4 limit=20 n done=0 status
	bundle "$work/bundle/$name" "$name" work "$app"
	for ((n = 0; n < count; n++)); do
		# A profile that is too small may make a shell write one message for ever.
		"${runtime}_start" "$name" 2>&1 </dev/null | head -c 4000 >"$name.out"
		status=${PIPESTATUS[0]}
		if grep -qx "done $app" "$name.out"; then
			done=$((done + 1))
		else
			echo "exit status $status: $(tail -n 3 "$name.out" | head -c 500)" >"$name.bad"
			"${runtime}_kill" "$name"
		fi
	done
	echo "$done" >"$name.done"
}

# starts RUNTIME COUNT APP: with $seccomp, $nnp and $uid; prints "N of COUNT", and where that is not
# all of them, how one failed. Most of a start is waiting: four at a time keep two CPUs busy.
starts() {
	local runtime=$1 count=$2 app=$3 pids=() jobs=4 job done=0
	# What is made once is made before they run beside each other.
	bundle_template
	[[ $runtime != crun ]] || v2 true
	rm -f lct-start-*.bad
	for ((job = 0; job < jobs; job++)); do
		starts_some "$runtime" $(((count + job) / jobs)) "$app" "lct-start-$job" &
		pids+=($!)
	done
	wait "${pids[@]}"
	for ((job = 0; job < jobs; job++)); do
		done=$((done + $(<"lct-start-$job.done")))
	done
	echo "$done of $count"
	cat lct-start-*.bad 2>/dev/null
}
