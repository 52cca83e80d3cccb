/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Whose calls are recorded, and under which slot. The answer is kept in the task's state; what is
 * here runs when there is none yet, or when an exec or a change of cgroup has made it stale.
 */
#ifndef LEASTCALL_SCOPE_H
#define LEASTCALL_SCOPE_H

#define NSEC_PER_CLOCK_TICK 10000000ull /* /proc counts in USER_HZ, 100 everywhere */

static __always_inline struct task_state *state_of(struct task_struct *task)
{
	return bpf_task_storage_get(&tasks, task, 0, 0);
}

static __always_inline struct task_state *state_create(struct task_struct *task)
{
	return bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

static __always_inline bool is_target(struct task_struct *task)
{
	return (__u32)BPF_CORE_READ(task, tgid) == config.target_pid &&
	       (!config.target_start ||
		BPF_CORE_READ(task, group_leader, start_boottime) / NSEC_PER_CLOCK_TICK ==
			config.target_start);
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
	return false;
}

/* Is the target the current task's cgroup, or above it? Levels are tried from the root on, as a
 * recorder in a cgroup namespace can't know the target's. */
static __always_inline bool in_cgroup(void)
{
	for (int level = 0; level < CGROUP_DEPTH; level++) {
		__u64 id = bpf_get_current_ancestor_cgroup_id(level);

		if (id == config.cgroup_id)
			return true;
		if (!id)
			return false;
	}
	return false;
}

static __always_inline bool in_scope(struct task_struct *task)
{
	if (config.scope == SCOPE_CGROUP)
		return in_cgroup();
	if (config.from_exec)
		return is_target(task);
	return descends_from_target(task);
}

static __always_inline void state_join(struct task_state *state)
{
	if (state->ours)
		return;
	state->ours = 1;
	__sync_fetch_and_add(&live, 1);
}

/* The workload of the current task; 0: not recorded. */
static __always_inline __u32 workload_of(struct task_struct *task, struct task_state *state,
					 bool at_exec)
{
	if ((__u32)task->tgid == config.own_pid)
		return 0;
	if (config.scope == SCOPE_ALL)
		return cgroup_path_id(BPF_CORE_READ(task, cgroups, dfl_cgrp, kn));
	if (state && state->ours)
		return WORKLOAD_ONE;
	if (config.from_exec && !at_exec)
		return 0;
	if (!in_scope(task))
		return 0;
	if (state)
		state_join(state);
	return WORKLOAD_ONE;
}

static __always_inline __u32 slot_of(__u32 workload, __u32 exe)
{
	struct slot_key key = {.workload = workload, .exe = exe}, *by_slot;
	__u32 *known, slot;

	known = bpf_map_lookup_elem(&slots, &key);
	if (known)
		return *known;
	slot = __sync_fetch_and_add(&slots_used, 1) + 1;
	by_slot = bpf_map_lookup_elem(&slot_keys, &slot);
	if (by_slot) {
		*by_slot = key;
		if (bpf_map_update_elem(&slots, &key, &slot, BPF_NOEXIST) == 0)
			return slot;
	}
	known = bpf_map_lookup_elem(&slots, &key); /* another CPU was faster */
	if (known)
		return *known;
	LOST(slots);
	return SLOT_NONE;
}

/*
 * Resolves the current task's slot and keeps it. Where the kernel can't give the task a state
 * (memory), the slot is right all the same and resolved anew at each call; only what hangs on
 * inheritance is lost, and counted.
 */
static __noinline __u32 slot_resolve(bool at_exec)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *state = state_create(task);
	__u32 workload, slot = SLOT_NONE;

	workload = workload_of(task, state, at_exec);
	if (workload) {
		slot = slot_of(workload, file_path_id(BPF_CORE_READ(task, mm, exe_file)));
		if (!state)
			LOST(tasks);
	}
	if (state) {
		state->cgroups = (__u64)task->cgroups;
		state->slot = slot;
	}
	return slot;
}

/* The slot of the current task; *ret_state is NULL where it has no state. */
static __always_inline __u32 slot_current(struct task_struct *task, struct task_state **ret_state)
{
	struct task_state *state = state_of(task);

	*ret_state = state;
	if (state && state->cgroups == (__u64)task->cgroups && state->slot != SLOT_STALE)
		return state->slot;
	return slot_resolve(false);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct task_state *from = state_of(parent), *to;

	if (!from || !from->ours)
		return 0;
	to = state_create(child);
	if (!to) {
		LOST(tasks);
		return 0;
	}
	to->cgroups = from->cgroups;
	to->slot = from->slot;
	state_join(to);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_task_exit, struct task_struct *task)
{
	struct task_state *state = state_of(task);

	if (state && state->ours) {
		state->ours = 0;
		state->slot = SLOT_NONE;
		__sync_fetch_and_add(&live, -1);
	}
	return 0;
}

#endif
