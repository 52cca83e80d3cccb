/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Every map and every global: bounded, preallocated but for task storage, losses counted. */
#ifndef LEASTCALL_MAPS_H
#define LEASTCALL_MAPS_H

#define SECCOMP_MODE_FILTER 2
#define PF_EXITING          4 /* linux/sched.h */

/* What a call may have changed and was asked about. */
struct powers {
	__u64 capable;             /* the effective capabilities */
	__u32 users[4], groups[4]; /* real, effective, saved, of files */
	__s32 priority;
	__u32 policy, realtime;
	__u32 pad;
};

/* A name that a call was given: who asks for what, the same for both names of a call (names.bpf.h). */
struct name_call {
	__u32 slot;
	__u32 op;
	__u32 detail;
	__u32 part;
	__u32 from_kernel; /* the name is in its memory, not the task's */
	__s32 dirfd;
	__u32 root; /* root_id(): found by the caller, for the sake of the stack */
	__u32 pad;
	__u64 name;  /* its address; 0: none */
	__u64 limit; /* its bytes, where no NUL need be there; else 0 */
	__u64 word;  /* the address of a string that is no name; 0: none */
};

/* A task's state: created on its first call, freed by the kernel with the task. */
struct task_state {
	__u64 cgroups; /* task->cgroups when the slot was resolved: a change makes it stale */
	__u32 slot;
	__u32 workload; /* its children inherit it; WORKLOAD_NONE: not ours */
	__u32 last;     /* the same, also when it has exited */
	__u32 filters;  /* seccomp filters when last looked at: a rise is a step */
	__u32 epoch;    /* when the slot was resolved */
	__u32 within;   /* the container that its cgroup is in, as far as the user side has said */
	__u8 step;
	__u8 in_call;         /* under a seccomp filter: sys_enter was seen, sys_exit not yet */
	__u8 armed;           /* under a seccomp filter: an exit without an enter means "denied" */
	__u8 userns;          /* its last child has a user namespace of its own */
	struct powers powers; /* when last looked at: where capabilities are inferred */
};

#ifndef KERNEL_5_10
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_state);
} tasks SEC(".maps");
#else
/* By the task's address. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TASKS_MAX);
	__type(key, __u64);
	__type(value, struct task_state);
} tasks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CLAIMS_MAX);
	__type(key, struct claim_key);
	__type(value, __u8);
} claims SEC(".maps");

/* What a global function is to be given that is more than a few numbers. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct name_call);
} name_calls SEC(".maps");
#endif

/* Native calls of the first slots: [cpu][slot][nr]. Mapped by the user side, so that looking at
 * the counters costs no system call. The size is set before loading. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, HOT_SLOTS *HOT_CALLS);
	__type(key, __u32);
	__type(value, struct cell);
} hot SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, CELLS_MAX);
	__type(key, struct cell_key);
	__type(value, struct cell);
} cells SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, RESULTS_MAX);
	__type(key, struct result_key);
	__type(value, __u64);
} results SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ARGUMENTS_MAX);
	__type(key, struct arguments_key);
	__type(value, __u64);
} arguments SEC(".maps");

/* How many different ones of a call are there. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ARGUMENTS_CALLS);
	__type(key, struct cell_key);
	__type(value, __u32);
} arguments_used SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SLOTS_MAX);
	__type(key, struct slot_key);
	__type(value, __u32);
} slots SEC(".maps");

/* The keys of `slots` by their values, mapped by the user side; see `paths`. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SLOTS_MAX);
	__type(key, __u32);
	__type(value, struct slot_key);
} slot_keys SEC(".maps");

/* Workloads by the ids of their cgroups. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, WORKLOADS_MAX);
	__type(key, __u64);
	__type(value, __u32);
} workloads SEC(".maps");

/* The paths of workloads that the user side has not read yet, by their number modulo CGROUPS_FRESH.
 * Mapped by the user side. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, CGROUPS_FRESH);
	__type(key, __u32);
	__type(value, struct path_record);
} cgroups_fresh SEC(".maps");

/* The id of an executable's path. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, EXECUTABLES_MAX);
	__type(key, struct file_key);
	__type(value, __u32);
} path_ids SEC(".maps");

/*
 * Paths by id. The size is set before loading. Mapped by the user side: a bpf() call that reads a map
 * keeps classic tracepoints' programs from running on its CPU (bpf_disable_instrumentation()), for as
 * long as it is preempted there.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct path_record);
} paths SEC(".maps");

/* Where records are made, one for each CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct name_record);
} scratch SEC(".maps");

/* The numbers of root directories. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ROOTS_MAX);
	__type(key, struct root_key);
	__type(value, __u32);
} roots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, NAMES_MAX);
	__type(key, struct name_key);
	__type(value, __u8);
} names SEC(".maps");

/* The working directories of tasks (by bpf_get_current_pid_tgid()) before a call that changes it. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, BEFORES_MAX);
	__type(key, __u64);
	__type(value, struct path_record);
} befores SEC(".maps");

/* Executions without a script that were told, by the slots of who and what. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, EXECS_MAX);
	__type(key, __u64);
	__type(value, __u8);
} execs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, FILES_MAX);
	__type(key, struct file_key);
	__type(value, struct file_use);
} files SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SOCKETS_MAX);
	__type(key, struct socket_key);
	__type(value, __u64);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OPERATIONS_MAX);
	__type(key, struct operation_key);
	__type(value, __u64);
} operations SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, WORDS_MAX);
	__type(key, struct word_key);
	__type(value, __u64);
} words SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CAPABILITIES_MAX);
	__type(key, struct capability_key);
	__type(value, __u64);
} capabilities SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096); /* set before loading */
} events SEC(".maps");

const volatile struct config config;
/* By number: low byte x86_64, high byte i386 (enum exit_class). */
const volatile __u16 exit_class[HOT_CALLS];
const volatile struct name_class name_classes[NAME_CLASSES];
/* By ABI (x86_64, i386) and number: an index of inferred_classes; 0: no capability is inferred. */
const volatile __u8 inferred_class[2][HOT_CALLS];
const volatile struct inferred_class inferred_classes[INFERRED_CLASSES];
/* By key; those that are not used come first. */
const volatile struct inferred_choice inferred_choices[INFERRED_CHOICES];
/* By ABI (x86_64, i386) and number: an index of argument_classes; 0: not looked at. */
const volatile __u8 argument_class[2][HOT_CALLS];
const volatile struct argument_class argument_classes[ARGUMENT_CLASSES];

struct losses losses;
struct workload_state workload_states[WORKLOADS_MAX];
__u32 workloads_used;
/* How often the path of one was handed to the user side. */
__u32 workloads_told;
__u64 target_start; /* the target's start_boottime, once it was seen */
__u32 epoch;        /* a new one makes every slot stale: see look_again() */
__u32 joining;      /* look_again() makes members of what runs already */
__u32 unjoined;     /* members that it could not give a state: the kernel was busy with another's */
__u32 serving;      /* the mark was set */
/* Mount namespaces that programs of the host are executed in: the recorder's, and that of the
 * first process. 0: not known yet. */
__u32 host_mounts[2];
__u32 slots_used; /* ids are given in order from 1 */
__u32 paths_used;
__u32 roots_used;
__u32 awake; /* the collector was woken; it writes 0 before it looks */
__s64 live;  /* tasks of ours that have not exited */

#define LOST(what) __sync_fetch_and_add(&losses.what, 1)

/* The collector looks by itself ten times a second: it is only woken where that would be too late.
 * False where the ring buffer is full. */
static __always_inline bool event_send(void *event, __u64 size)
{
	__u64 used = bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA);
	__u64 flags = used > config.ring_size / 4 ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;

	if (bpf_ringbuf_output(&events, event, size, flags) == 0)
		return true;
	LOST(dropped);
	return false;
}

#endif
