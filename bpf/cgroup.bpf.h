/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cgroups: which one a task is in, which workload that is, and where it is, for the user side to say
 * what it is. Knows nothing of tasks' calls.
 */
#ifndef LEASTCALL_CGROUP_H
#define LEASTCALL_CGROUP_H

static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *node)
{
	if (bpf_core_field_exists(node->__parent))
		return BPF_CORE_READ(node, __parent);
	return BPF_CORE_READ((struct kernfs_node___before_6_15 *)node, parent);
}

#define SUBSYS(name)                                                                               \
	(bpf_core_enum_value_exists(enum cgroup_subsys_id, name)                                   \
		 ? (int)bpf_core_enum_value(enum cgroup_subsys_id, name)                           \
		 : -1)

/* The number of the controller whose hierarchy it is, in this kernel. */
static __always_inline int subsys_number(void)
{
	switch (config.hierarchy) {
	case HIERARCHY_PIDS:
		return SUBSYS(pids_cgrp_id);
	case HIERARCHY_MEMORY:
		return SUBSYS(memory_cgrp_id);
	case HIERARCHY_CPU:
		return SUBSYS(cpu_cgrp_id);
	case HIERARCHY_CPUSET:
		return SUBSYS(cpuset_cgrp_id);
	case HIERARCHY_FREEZER:
		return SUBSYS(freezer_cgrp_id);
	case HIERARCHY_DEVICES:
		return SUBSYS(devices_cgrp_id);
	default:
		return -1;
	}
}

/* The task's cgroup in the hierarchy that counts. */
static __always_inline struct kernfs_node *cgroup_of(struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct cgroup_subsys_state *css = 0;
	int number;

	if (config.hierarchy == HIERARCHY_V2)
		return BPF_CORE_READ(set, dfl_cgrp, kn);
	number = subsys_number();
	if (number < 0)
		return 0;
	bpf_probe_read_kernel(&css, sizeof(css),
			      (void *)set + bpf_core_field_offset(struct css_set, subsys) +
				      number * sizeof(css));
	return BPF_CORE_READ(css, cgroup, kn);
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

/* Never out of bounds, which is all that the mask is for: the verifier wants to see it. */
static __always_inline struct workload_state *workload_state(__u32 workload)
{
	barrier_var(workload);
	return &workload_states[workload & (WORKLOADS_MAX - 1)];
}

static __always_inline __u32 verdict_of(__u32 workload)
{
	return workload_state(workload)->verdict;
}

/* Writes where the cgroup is, from it up to the root of its hierarchy. */
__noinline int cgroup_walk(__u32 index, __u64 node_address)
{
	struct path_record *record = bpf_map_lookup_elem(&cgroups_fresh, &index);
	struct kernfs_node *node = (void *)node_address;

	if (!record)
		return 0;
	record->flags = PATH_IS_DIRECTORY;
	record->length = 0;
	record->depth = 0;
	for (int i = 0; i < CGROUP_DEPTH; i++) {
		struct kernfs_node *parent = kernfs_parent(node);

		if (!parent)
			return 0;
		if (!component_append(record, BPF_CORE_READ(node, name)))
			return 0;
		record->depth++;
		node = parent;
	}
	record->flags |= IS_TRUNCATED;
	return 0;
}

/* Hands the path of a workload's cgroup to the user side. Where that has not read those before it,
 * there is no room: the next task that comes by tries again. */
static __always_inline void workload_publish(__u32 workload, struct kernfs_node *node, __u32 who)
{
	struct event_word event = {.kind = EVENT_CGROUP, .value = workload};
	__u32 index = workload % CGROUPS_FRESH;
	struct path_record *record = bpf_map_lookup_elem(&cgroups_fresh, &index);

	if (!record)
		return;
	if (!word_claim(&record->kind, EVENT_CGROUP, CLAIM_FRESH, index))
		return;
	if (workload_state(workload)->ready) { /* another CPU was faster, and it was read already */
		word_release(&record->kind, CLAIM_FRESH, index);
		return;
	}
	cgroup_walk(index, (__u64)node);
	record->slot = workload;
	record->perms = who;
	__sync_fetch_and_add(&workload_state(workload)->ready, 1); /* a barrier, too */
	__sync_fetch_and_add(&workloads_told, 1);
	bpf_ringbuf_output(&events, &event, sizeof(event), BPF_RB_FORCE_WAKEUP);
}

/* A number for a cgroup that has none. `who`: the process that makes it, or 0; or, where it is
 * VERDICT_OUTSIDE, the workload whose task came there. */
static __always_inline __u32 workload_new(struct kernfs_node *node, __u32 verdict, __u32 who)
{
	__u64 id = BPF_CORE_READ(node, id);
	__u32 workload = number_next(&workloads_used, CLAIM_WORKLOAD, WORKLOADS_MAX), *known;

	if (workload >= WORKLOADS_MAX) {
		__sync_fetch_and_add(&workloads_used, -1);
		LOST(workloads);
		return WORKLOAD_NONE;
	}
	workload_state(workload)->verdict = verdict;
	if (bpf_map_update_elem(&workloads, &id, &workload, BPF_NOEXIST) == 0) {
		workload_publish(workload, node, who);
		return workload;
	}
	workload_state(workload)->verdict = VERDICT_VOID;
	known = bpf_map_lookup_elem(&workloads, &id); /* another CPU was faster */
	if (known)
		return *known;
	LOST(workloads);
	return WORKLOAD_NONE;
}

/* Where a loop is followed step by step, fewer are looked at, and what is deeper is told as lost. */
#define CGROUP_LEVELS_LOOKED (KERNEL_IS_OLD ? CGROUP_DEPTH : CGROUP_LEVELS)

/* A search from a cgroup upwards. */
struct search {
	struct kernfs_node *node;
	__u32 top;   /* for a container's own cgroup; else for any that is, or may be, wanted */
	__u32 found; /* WORKLOAD_NONE: nothing yet */
	__u32 level; /* how far above it was found */
};

static long search_step(__u32 level, struct search *search)
{
	struct kernfs_node *node = search->node;
	__u64 id = BPF_CORE_READ(node, id);
	__u32 *known = bpf_map_lookup_elem(&workloads, &id);

	if (known &&
	    (search->top ? workload_state(*known)->is_top : verdict_of(*known) < VERDICT_FOREIGN)) {
		search->found = *known;
		search->level = level;
		return 1;
	}
	search->node = kernfs_parent(node);
	return !search->node;
}

static __always_inline void search_up(struct search *search)
{
	if (search->node)
		LOOP(CGROUP_LEVELS_LOOKED, search_step, search);
	if (KERNEL_IS_OLD && search->node && !search->found)
		LOST(workloads);
}

/*
 * The workload of a cgroup: its own, or that of the nearest one above it that has one. With `split`
 * it gets its own then. A global function: verified once for all its callers.
 */
__noinline int workload_find(__u64 node_address, __u32 split)
{
	struct kernfs_node *own = (void *)node_address;
	struct search search = {.node = own};

	search_up(&search);
	if (!search.found)
		return WORKLOAD_NONE;
	if (search.level && split)
		return workload_new(own, VERDICT_NONE, 0);
	if (!search.level && !workload_state(search.found)->ready)
		workload_publish(search.found, own, 0);
	return search.found;
}

/* The container that the cgroup is in: the nearest workload at or above it that is one's own. */
__noinline int container_find(__u64 node_address)
{
	struct search search = {.node = (void *)node_address, .top = true};

	search_up(&search);
	return search.found;
}

/* A task of ours is in a cgroup that is not: says which, once. */
static __always_inline void cgroup_outside(struct kernfs_node *node, __u32 workload)
{
	struct event_word event = {.kind = EVENT_MOVED};
	__u64 id = BPF_CORE_READ(node, id);
	__u32 *known = bpf_map_lookup_elem(&workloads, &id);

	if (!known) {
		workload_new(node, VERDICT_OUTSIDE, workload);
		return;
	}
	event.value = *known; /* it was judged, or is being judged */
	if (word_claim(&workload_state(*known)->visitor, workload, CLAIM_VISITOR, *known))
		bpf_ringbuf_output(&events, &event, sizeof(event), BPF_RB_FORCE_WAKEUP);
}

/*
 * While a target is waited for, every new cgroup may be it: it is known before the first process is
 * in. What is below a cgroup that is wanted belongs to that.
 */
SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(on_cgroup_mkdir, struct cgroup *cgroup)
{
	struct kernfs_node *node = BPF_CORE_READ(cgroup, kn);

	if (BPF_CORE_READ(cgroup, root, hierarchy_id) != (int)config.hierarchy_id)
		return 0;
	if (verdict_of(workload_find((__u64)kernfs_parent(node), false)) != VERDICT_WANTED)
		workload_new(node, VERDICT_NONE, process_id(task_current()));
	return 0;
}

#endif
