/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one contract between the kernel side and the user side: what maps and ring buffer hold.
 * Included by both; every size is asserted and every gap written out. Here is how much there is room
 * for, who is recorded and what was lost; the rest is in parts, by subject.
 */
#ifndef LEASTCALL_EVENT_H
#define LEASTCALL_EVENT_H

#ifndef VMLINUX_H
#include <linux/types.h>
#endif

/* Capacities. What does not fit is counted in struct losses, never dropped in silence. */
#define WORKLOADS_MAX    16384 /* cgroups that were looked at */
#define CGROUPS_FRESH    4096  /* ... whose paths the user side has not read yet */
#define SLOTS_MAX        16384 /* distinct (workload, executable, phase) */
#define EXECUTABLES_MAX  8192  /* files; fewer have room for their path: PATHS_MAX */
#define HOT_SLOTS        64    /* the slots whose native calls are counted in an array */
#define HOT_CALLS        512   /* ... and the numbers that it has room for */
#define CELLS_MAX        65536 /* everything that is counted elsewhere */
#define RESULTS_MAX      16384 /* distinct errnos, over all calls */
#define ARGUMENTS_MAX    16384 /* distinct (slot, call, arguments) */
#define ARGUMENTS_CALL   64    /* ... of one call of a slot */
#define ARGUMENTS_CALLS  4096  /* (slot, call) of which arguments are kept */
#define ARGUMENT_CLASSES 64
#define CALL_ARGUMENTS   6
#define FILES_MAX        65536 /* distinct (executable, file) pairs */
#define PATHS_MAX        4096  /* that are kept: of executables, cgroups, files not told yet */
#define NAMES_MAX        16384 /* that were told, the last ones */
#define EXECS_MAX        8192  /* distinct (who, what) */
#define ROOTS_MAX        4096  /* root directories of tasks */
#define BEFORES_MAX      64    /* calls under way that change where names lead */
#define CAPABILITIES_MAX 4096
#define SOCKETS_MAX      4096
#define OPERATIONS_MAX   4096
#define WORDS_MAX        1024 /* operations of which a word is kept */
#define WORD_BYTES       256
#define PATH_BYTES       4096 /* as PATH_MAX */
#define NAME_BYTES       256  /* one component and its NUL */
#define PATH_DEPTH       200  /* components */
#define CGROUP_DEPTH     64   /* components of a cgroup's path that are told */
#define CGROUP_LEVELS    4096 /* more than PATH_MAX lets anybody make at once */
#define PARENTS_DEPTH    64
/* On Linux 5.10 to 5.16. */
#define TASKS_MAX  65536 /* that are followed */
#define CLAIMS_MAX 65536 /* more than there are numbers to give */

#include "event_calls.h"
#include "event_capabilities.h"
#include "event_files.h"
#include "event_names.h"
#include "event_operations.h"
#include "event_stacks.h"

/* A slot is what a task's calls are counted under; 0 is "not ours". */
#define SLOT_NONE 0

/*
 * Where a task is on its way from a container runtime to the application. What the values come to
 * depends on what the cgroup is, which only the user side knows.
 */
enum step {
	STEP_JOINED = 0, /* came into the cgroup, and has executed nothing there */
	STEP_FILTERED,   /* ... and has loaded a seccomp filter since */
	STEP_EXECUTED,   /* has executed a file of the host's, so it may still be the runtime */
	STEP_EXECUTED_FILTERED, /* ... and has loaded a filter since */
	STEP_APPLICATION, /* has executed under the new filter, or a file of other namespaces */
};
#define STEP_SERVING (1u << 3) /* beside them: the mark was set */

struct slot_key {
	__u32 workload;
	__u32 exe;  /* a path id; 0: not known */
	__u32 step; /* enum step, STEP_SERVING */
	__u32 pad;  /* an array's entries are multiples of 8 bytes */
};
_Static_assert(sizeof(struct slot_key) == 16, "slot_key has no padding");

/*
 * A workload is a number: 1 where the user side knows the only one there is; else a cgroup's, in the
 * order in which they were met.
 */
#define WORKLOAD_NONE  0
#define WORKLOAD_FIRST 1
#define WORKLOAD_LOST  (~0u) /* of a peer that was gone before it could be looked at */

enum verdict {
	VERDICT_NONE = 0, /* not known yet: recorded meanwhile */
	VERDICT_WANTED,
	VERDICT_FOREIGN, /* the user side does not want it: it, but maybe what it is in */
	VERDICT_OUTSIDE, /* only met by a task of ours that moved there */
	VERDICT_VOID,    /* a number that was never used */
};

struct workload_state {
	__u32 verdict;
	__u32 ready;   /* its path is there to be read */
	__u32 is_top;  /* a container's own cgroup: what is below it is the container's */
	__u32 visitor; /* the workload whose task came there and stayed its own */
};
_Static_assert(sizeof(struct workload_state) == 16, "workload_state has no padding");
_Static_assert((WORKLOADS_MAX & (WORKLOADS_MAX - 1)) == 0, "WORKLOADS_MAX is a power of two");

/*
 * A path_record of the fresh cgroups: `slot` is its number, `kind` is 0 once the user side has read it,
 * `perms` the process that made it, or 0; of one that is VERDICT_OUTSIDE, the workload whose task went
 * there.
 */

enum event_kind {
	EVENT_CELL = 1,
	EVENT_FILE = 2,
	EVENT_CGROUP = 3, /* struct event_word: a new workload */
	EVENT_ACCEPT = 4, /* struct event_word: a connection was accepted */
	EVENT_TEXT = 5,   /* a path_record: what was written, as it is */
	EVENT_MOVED = 6,  /* struct event_word: a workload that a task of another one came to */
	EVENT_ROOT = 7,   /* struct name_record: a root directory that tasks have */
	EVENT_NAME = 8,   /* struct name_record: a call that was given a name */
	EVENT_STACK = 9,  /* struct event_stack: where a call was first made */
};

struct event_word {
	__u32 kind;
	__u32 value;
};
_Static_assert(sizeof(struct event_word) == 8, "event_word has no padding");

struct event_cell {
	__u32 kind;
	struct cell_key key;
	__u64 first_ns;
};
_Static_assert(sizeof(struct event_cell) == 24, "event_cell has no padding");

/* Whose calls are recorded. */
enum scope {
	SCOPE_CGROUPS, /* the tasks of the workloads' cgroups and what is below them */
	SCOPE_TREE,    /* a process and its descendants */
};

/* The hierarchy that says which cgroup a task is in. */
enum hierarchy {
	HIERARCHY_V2 = 0,
	HIERARCHY_PIDS, /* cgroup v1: that of a controller */
	HIERARCHY_MEMORY,
	HIERARCHY_CPU,
	HIERARCHY_CPUSET,
	HIERARCHY_FREEZER,
	HIERARCHY_DEVICES,
};

struct config {
	__u32 scope;
	__u32 hierarchy;     /* enum hierarchy */
	__u32 hierarchy_id;  /* the kernel's number of it */
	__u32 split;         /* each cgroup is a workload of its own */
	__u32 steps;         /* enum step is told apart; else all is STEP_APPLICATION */
	__u32 exits;         /* sys_exit is looked at, too */
	__u32 from_exec;     /* the target counts from its first exec on */
	__u32 own_pid;       /* the recorder, in the initial pid namespace: never recorded */
	__u32 target_pid;    /* a process, in the recorder's pid namespace */
	__u32 pid_namespace; /* its inode */
	__u32 pid_level;     /* ... and how deep it is */
	__u32 ring_size;     /* bytes */
	__u32 texts;         /* the serving mark waits for one */
	__u32 attributes;    /* what is written may change an AppArmor profile */
	__u32 inferred;      /* capabilities are: the kernel does not tell them */
	__u32 stacks;        /* of calls' first times are told */
	__u32 uring_blind;   /* the kernel does not tell what io_uring does */
	__u32 registers;     /* where a task's are, from where its stack begins */
};
_Static_assert(sizeof(struct config) == 72, "config has no padding");

/* What only one CPU may have, by a map, where there is no atomic operation that tells. */
enum claim {
	CLAIM_SLOT = 1, /* a number; so are the next ones */
	CLAIM_WORKLOAD,
	CLAIM_PATH,
	CLAIM_ROOT,
	CLAIM_FRESH,   /* a record of the fresh cgroups: until the user side has read it */
	CLAIM_VISITOR, /* of a workload, that one was told */
	CLAIM_TASK,    /* while its workload is changed */
};

struct claim_key {
	__u32 kind; /* enum claim */
	__u32 pad;
	__u64 which;
};
_Static_assert(sizeof(struct claim_key) == 16, "claim_key has no padding");

/* Everything that did not fit. */
struct losses {
	__u64 dropped;      /* records that found the ring buffer full; told again later */
	__u64 workloads;    /* calls in cgroups for which there was no room */
	__u64 slots;        /* calls of an executable in a workload for which there was no room */
	__u64 cells;        /* calls for which there was no cell */
	__u64 results;      /* errors for which there was no room */
	__u64 arguments;    /* calls for whose arguments there was no room */
	__u64 files;        /* uses of files for which there was no room */
	__u64 names;        /* names that could not be read, or told */
	__u64 sockets;      /* sockets for which there was no room */
	__u64 operations;   /* operations for which there was no room */
	__u64 capabilities; /* uses of capabilities for which there was no room */
	__u64 paths;        /* executables whose path could not be kept */
	__u64 marks;        /* events and texts that were not looked at for the serving mark */
	__u64 tasks;        /* calls of tasks that could not be given a state */
	__u64 uring;        /* rings of io_uring whose requests can't be seen */
};

#endif
