/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Whose calls are recorded, and under which slot. The answer is kept in the task's state; what is
 * here runs when there is none yet, at an exec, and when the cgroup has changed.
 */
#ifndef LEASTCALL_SCOPE_H
#define LEASTCALL_SCOPE_H

static __always_inline struct task_state *state_of(struct task_struct *task)
{
	return bpf_task_storage_get(&tasks, task, 0, 0);
}

static __always_inline struct task_state *state_create(struct task_struct *task)
{
	return bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

/* A process's id in the recorder's own pid namespace; 0 where it is not in there. */
static __always_inline __u32 process_id(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	struct upid *number = &pid->numbers[config.pid_level];

	if (BPF_CORE_READ(pid, level) < config.pid_level ||
	    BPF_CORE_READ(number, ns, ns.inum) != config.pid_namespace)
		return 0;
	return BPF_CORE_READ(number, nr);
}

/* Ids are used again: the first process that has the target's is it, and no later one. */
static __always_inline bool is_target(struct task_struct *task)
{
	__u64 start, first;

	if (process_id(task) != config.target_pid)
		return false;
	start = BPF_CORE_READ(task, group_leader, start_boottime);
	first = __sync_val_compare_and_swap(&target_start, 0, start);
	return !first || first == start;
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

/* Is the target the task's cgroup, or above it? */
static __always_inline bool in_cgroup(struct task_struct *task)
{
	struct kernfs_node *node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);

	for (int level = 0; level < CGROUP_DEPTH && node; level++) {
		if (BPF_CORE_READ(node, id) == config.cgroup_id)
			return true;
		node = kernfs_parent(node);
	}
	return false;
}

static __always_inline bool in_scope(struct task_struct *task)
{
	if (config.scope == SCOPE_CGROUP)
		return in_cgroup(task);
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
	if (state->ours)
		return WORKLOAD_ONE;
	if ((config.from_exec && !at_exec) || !in_scope(task))
		return 0;
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
		/* the user side looks at the workload first */
		by_slot->exe = exe;
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

/* Resolves the current task's slot and keeps it. Where the kernel has no memory for a task's state,
 * the call is lost, and counted. */
static __noinline __u32 slot_resolve(bool at_exec)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *state = state_create(task);
	__u32 workload;

	if (!state) {
		if (!config.from_exec || at_exec)
			LOST(tasks);
		return SLOT_NONE;
	}
	workload = workload_of(task, state, at_exec);
	state->cgroups = (__u64)task->cgroups;
	state->slot = SLOT_NONE;
	if (workload)
		state->slot = slot_of(workload, file_path_id(BPF_CORE_READ(task, mm, exe_file)));
	return state->slot;
}

static __always_inline __u32 slot_current(struct task_struct *task)
{
	struct task_state *state = state_of(task);

	if (state && state->cgroups == (__u64)task->cgroups)
		return state->slot;
	return slot_resolve(false);
}

/*
 * Run once, right after attaching, over all tasks: those in scope are members from now on, though
 * they may make no call before their parent, by which they could be known, is gone.
 */
SEC("iter/task")
int join_running(struct bpf_iter__task *it)
{
	struct task_struct *task = it->task;
	struct task_state *state;

	if (!task || (__u32)task->tgid == config.own_pid || !in_scope(task))
		return 0;
	state = state_create(task);
	if (state)
		state_join(state);
	else
		LOST(tasks);
	return 0;
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

#endif
