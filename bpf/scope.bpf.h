/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Whose calls are recorded, and under which slot. The answer is kept in the task's state; what is
 * here runs when there is none yet, at an exec, and when the cgroup has changed.
 */
#ifndef LEASTCALL_SCOPE_H
#define LEASTCALL_SCOPE_H

/* Ids are used again: the first process that has the target's is it, and no later one. */
static __always_inline bool is_target(struct task_struct *task)
{
	__u64 start;

	if (process_id(task) != config.target_pid)
		return false;
	start = BPF_CORE_READ(task, group_leader, start_boottime);
	if (!target_start) /* whoever else writes it now is the same process */
		target_start = start;
	return target_start == start;
}

static __always_inline bool descends_from_target(struct task_struct *task)
{
	for (int i = 0; i < PARENTS_DEPTH; i++) {
		if (is_target(task))
			return true;
		if (BPF_CORE_READ(task, pid) <= 1)
			return false;
		task = BPF_CORE_READ(task, real_parent);
	}
	LOST(tasks); /* it may descend from the target all the same */
	return false;
}

static __always_inline __u32 mounts_of(struct task_struct *task)
{
	return BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
}

static __always_inline __u32 tree_workload(struct task_struct *task, bool at_exec)
{
	if (!config.from_exec)
		return descends_from_target(task) ? WORKLOAD_FIRST : WORKLOAD_NONE;
	return at_exec && is_target(task) ? WORKLOAD_FIRST : WORKLOAD_NONE;
}

/* Who is ours stays ours, wherever it goes; the next one that is wanted takes it over. */
static __always_inline __u32 cgroup_workload(struct task_struct *task, __u32 had, bool at_exec)
{
	struct kernfs_node *node = cgroup_of(task);
	__u32 found = workload_find((__u64)node, config.split);

	if (config.split)
		return found;
	if (verdict_of(had) == VERDICT_FOREIGN)
		had = WORKLOAD_NONE;
	if (!had)
		return config.from_exec && !at_exec && is_target(task) ? WORKLOAD_NONE : found;
	if (found && (verdict_of(found) == VERDICT_WANTED || verdict_of(had) != VERDICT_WANTED))
		return found;
	if (found != had && verdict_of(had) == VERDICT_WANTED)
		cgroup_outside(node, had);
	return had;
}

/* The workload of a task; WORKLOAD_NONE: not recorded. */
static __always_inline __u32 workload_of(struct task_struct *task, __u32 had, bool at_exec)
{
	if ((__u32)FIELD(task, tgid) == config.own_pid)
		return WORKLOAD_NONE;
	if (config.scope == SCOPE_CGROUPS)
		return cgroup_workload(task, had, at_exec);
	return had ? had : tree_workload(task, at_exec);
}

/* An executable of the task's own namespaces, which are not the host's: no runtime executes itself
 * from there (it does so from a memfd, or a mount that is nowhere). */
static __always_inline bool exe_is_inside(struct task_struct *task)
{
	struct vfsmount *mnt = BPF_CORE_READ(task, mm, exe_file, f_path.mnt);
	__u32 mounts = mounts_of(task);

	return mnt && mounts != host_mounts[0] && mounts != host_mounts[1] &&
	       BPF_CORE_READ(mount_namespace(mount_of(mnt)), ns.inum) == mounts;
}

static __always_inline __u8 step_at_exec(struct task_struct *task, struct task_state *state)
{
	if (state->step != STEP_JOINED && state->step != STEP_EXECUTED)
		return STEP_APPLICATION; /* it is, or has a new filter */
	if ((__u32)FIELD(task, seccomp.filter_count.counter) != state->filters ||
	    exe_is_inside(task))
		return STEP_APPLICATION;
	return STEP_EXECUTED;
}

/* Whoever changes a task's workload keeps count: the task itself, look_again(), the last one at the
 * task's end. Returns what it was. */
static __always_inline __u32 workload_set(struct task_struct *task, struct task_state *state,
					  __u32 workload)
{
	__u32 had = workload_swap(task, state, workload);

	if (workload)
		state->last = workload;
	if (!had != !workload)
		__sync_fetch_and_add(&live, workload ? 1 : -1);
	return had;
}

/* A task that comes into a workload from elsewhere has yet to execute what belongs there. What moves
 * about in a container, or goes on in what is still being judged, does not come from elsewhere. */
static __always_inline bool is_newcomer(struct task_struct *task, struct task_state *state,
					__u32 had, __u32 workload)
{
	struct kernfs_node *node = cgroup_of(task);
	__u32 before = state->within, within;

	if (workload == had)
		return false;
	if (!config.split)
		return verdict_of(had) != VERDICT_WANTED &&
		       !(had && verdict_of(had) == VERDICT_NONE &&
			 (__u32)workload_find((__u64)kernfs_parent(node), false) == had);
	within = container_find((__u64)node);
	if (workload_state(had)->is_top)
		before = had;
	state->within = within;
	return !within || within != before;
}

/* The state follows the task into a workload, or out of it. */
static __always_inline void state_move(struct task_struct *task, struct task_state *state,
				       __u32 workload, bool at_exec)
{
	__u32 had = workload_set(task, state, workload);

	if (!workload)
		return;
	if (!config.steps) {
		state->step = STEP_APPLICATION;
		return;
	}
	if (is_newcomer(task, state, had, workload)) {
		/* who is there when recording begins is no runtime on its way */
		state->step = joining ? STEP_APPLICATION : STEP_JOINED;
		state->filters = FIELD(task, seccomp.filter_count.counter);
	}
	if (at_exec)
		state->step = step_at_exec(task, state);
}

static __always_inline __u32 slot_of(__u32 workload, __u32 exe, __u32 step)
{
	struct slot_key key = {.workload = workload, .exe = exe, .step = step}, *by_slot;
	__u32 *known, slot;

	known = bpf_map_lookup_elem(&slots, &key);
	if (known)
		return *known;
	slot = number_next(&slots_used, CLAIM_SLOT, SLOTS_MAX);
	by_slot = bpf_map_lookup_elem(&slot_keys, &slot);
	if (by_slot) {
		/* the user side looks at the workload first */
		by_slot->exe = exe;
		by_slot->step = step;
		barrier();
		by_slot->workload = workload;
		if (bpf_map_update_elem(&slots, &key, &slot, BPF_NOEXIST) == 0)
			return slot;
	}
	known = bpf_map_lookup_elem(&slots, &key); /* another CPU was faster */
	if (known)
		return *known;
	LOST(slots);
	return SLOT_NONE;
}

/* The kernel has no memory for the task's state, or is just busy with another's: its cgroup tells
 * whose the call is. */
static __always_inline __u32 slot_without_state(struct task_struct *task)
{
	__u32 workload;

	if ((__u32)FIELD(task, tgid) == config.own_pid || (config.from_exec && is_target(task)))
		return SLOT_NONE;
	if (config.scope != SCOPE_CGROUPS) {
		LOST(tasks);
		return SLOT_NONE;
	}
	workload = workload_find((__u64)cgroup_of(task), config.split);
	if (!workload)
		return SLOT_NONE;
	return slot_of(workload, file_path_id(BPF_CORE_READ(task, mm, exe_file)),
		       STEP_APPLICATION | (serving ? STEP_SERVING : 0));
}

static __always_inline __u64 effective_of(struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);
	__u64 capabilities = 0;

	bpf_core_read(&capabilities, sizeof(capabilities), &cred->cap_effective);
	return capabilities;
}

static __always_inline void ids_read(const struct cred *cred, __u32 *users, __u32 *groups)
{
	users[0] = BPF_CORE_READ(cred, uid.val);
	users[1] = BPF_CORE_READ(cred, euid.val);
	users[2] = BPF_CORE_READ(cred, suid.val);
	users[3] = BPF_CORE_READ(cred, fsuid.val);
	groups[0] = BPF_CORE_READ(cred, gid.val);
	groups[1] = BPF_CORE_READ(cred, egid.val);
	groups[2] = BPF_CORE_READ(cred, sgid.val);
	groups[3] = BPF_CORE_READ(cred, fsgid.val);
}

static __always_inline void powers_keep(struct task_struct *task, struct powers *powers)
{
	powers->capable = effective_of(task);
	powers->priority = BPF_CORE_READ(task, static_prio);
	powers->policy = BPF_CORE_READ(task, policy);
	powers->realtime = BPF_CORE_READ(task, rt_priority);
	ids_read(BPF_CORE_READ(task, cred), powers->users, powers->groups);
}

/* Resolves the current task's slot and keeps it. */
static __noinline __u32 slot_resolve(bool at_exec)
{
	struct task_struct *task = task_current();
	struct task_state *state = state_create(task);
	__u32 workload;

	if (!state)
		return slot_without_state(task);
	state->epoch = epoch;
	barrier();
	state->cgroups = (__u64)FIELD(task, cgroups);
	workload = workload_of(task, state->workload, at_exec);
	state_move(task, state, workload, at_exec);
	state->slot = SLOT_NONE;
	if (config.inferred)
		powers_keep(task, &state->powers);
	if (workload)
		state->slot = slot_of(workload, file_path_id(BPF_CORE_READ(task, mm, exe_file)),
				      state->step | (serving ? STEP_SERVING : 0));
	return state->slot;
}

static __always_inline __u32 slot_current(struct task_struct *task)
{
	struct task_state *state = state_of(task);

	if (state && state->cgroups == (__u64)FIELD(task, cgroups))
		return state->slot;
	return slot_resolve(false);
}

/* A member that runs already: it has executed what it is. */
static __always_inline void state_join(struct task_struct *task, struct task_state *state,
				       __u32 workload)
{
	state->filters = FIELD(task, seccomp.filter_count.counter);
	state->step = STEP_APPLICATION;
	if (config.split)
		state->within = container_find((__u64)cgroup_of(task));
	/* asleep, so in a call: its exit without an enter is no denial, and the next one is */
	if (is_waiting(task) && FIELD(task, seccomp.mode) >= SECCOMP_MODE_FILTER)
		state->in_call = state->armed = 1;
	workload_set(task, state, workload);
	if (FIELD(task, flags) & PF_EXITING) /* on_task_exit() may have been there before */
		workload_set(task, state, WORKLOAD_NONE);
}

/* Whose files are the host's: ours, and those of the first process. */
static __always_inline void host_learn(void)
{
	struct task_struct *task = task_current();

	if (host_mounts[0])
		return;
	host_mounts[0] = mounts_of(task);
	for (int i = 0; i < PARENTS_DEPTH && BPF_CORE_READ(task, pid) > 1; i++)
		task = BPF_CORE_READ(task, real_parent);
	host_mounts[1] = mounts_of(task);
}

/*
 * Run over all tasks. Right after attaching, those in scope become members, though they may make no
 * call before their parent, by which they could be known, is gone. Later, slots become stale: when a
 * verdict was given, and when the mark was set.
 */
SEC("iter/task")
int look_again(struct bpf_iter__task *it)
{
	struct task_struct *task = it->task;
	struct task_state *state;
	__u32 workload;

	if (!task)
		return 0;
	host_learn();
	state = state_of(task);
	if (state) {
		if (state->workload && verdict_of(state->workload) == VERDICT_FOREIGN)
			workload_set(task, state, WORKLOAD_NONE);
		state->cgroups = 0;
		return 0;
	}
	if (!joining || FIELD(task, flags) & PF_EXITING)
		return 0;
	workload = workload_of(task, WORKLOAD_NONE, false);
	if (!workload)
		return 0;
	state = state_create(task);
	if (state)
		state_join(task, state, workload);
	else
		__sync_fetch_and_add(&unjoined, 1);
	return 0;
}

/* Where the kernel does not forget a state with its task. */
SEC("tp_btf/sched_process_free")
int BPF_PROG(on_task_free, struct task_struct *task)
{
	state_forget(task);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct task_state *from = state_of(parent), *to;

	if (!from || !from->workload)
		return 0;
	from->userns =
		BPF_CORE_READ(child, real_cred, user_ns) != BPF_CORE_READ(parent, cred, user_ns);
	to = state_create(child);
	if (!to) { /* in the cgroup it will be known by that, on its first call */
		if (!workload_find((__u64)cgroup_of(child), false))
			LOST(tasks);
		return 0;
	}
	to->slot = from->slot;
	to->filters = from->filters;
	to->within = from->within;
	to->step = from->step;
	if (config.inferred)
		powers_keep(child, &to->powers);
	/* what made the parent's slot stale may pass its child by */
	to->cgroups = from->epoch == epoch ? from->cgroups : 0;
	to->epoch = from->epoch;
	workload_set(child, to, from->workload);
	return 0;
}

#endif
