/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one contract between the kernel side and the user side: what maps and ring buffer hold.
 * Included by both; every size is asserted and every gap written out.
 */
#ifndef LEASTCALL_EVENT_H
#define LEASTCALL_EVENT_H

#ifndef VMLINUX_H
#include <linux/types.h>
#endif

/* Capacities. What does not fit is counted in struct losses, never dropped in silence. */
#define SLOTS_MAX        8192  /* pairs of (workload, executable) */
#define HOT_SLOTS        64    /* the slots whose native calls are counted in an array */
#define HOT_CALLS        512   /* ... and the numbers that it has room for */
#define CELLS_MAX        65536 /* everything that is counted elsewhere */
#define RESULTS_MAX      16384 /* distinct errnos, over all calls */
#define FILES_MAX        65536 /* distinct (executable, file) pairs */
#define CAPABILITIES_MAX 4096
#define SOCKETS_MAX      4096
#define PATH_BYTES       4096 /* as PATH_MAX */
#define NAME_BYTES       256  /* one component and its NUL */
#define PATH_DEPTH       200  /* components */
#define CGROUP_DEPTH     64
#define PARENTS_DEPTH    64

/* A slot is what a task's calls are counted under; 0 is "not ours". */
#define SLOT_NONE 0

/* The ABIs of x86; the same values as user/tables/tables.h. */
enum call_abi {
	CALL_X86_64 = 0,
	CALL_I386 = 1,
	CALL_X32 = 2,
};

struct cell_key {
	__u32 slot;
	__u32 nr;
	__u16 abi;
	__u16 sub; /* socketcall's and ipc's call, else 0 */
};
_Static_assert(sizeof(struct cell_key) == 12, "cell_key has no padding");

/* How often, and since when. `told`: the ring buffer has taken the news of it. */
struct cell {
	__u64 count;
	__u64 first_ns : 63; /* CLOCK_MONOTONIC */
	__u64 told : 1;
};
_Static_assert(sizeof(struct cell) == 16, "cell has no padding");

/* Calls that returned an error, or that seccomp refused: {..} -> how often (__u64). */
struct result_key {
	struct cell_key call;
	__u16 errnum; /* 512 and up: the kernel's own restart codes */
	__u8 denied;
	__u8 pad;
};
_Static_assert(sizeof(struct result_key) == 16, "result_key has no padding");

struct slot_key {
	__u32 workload; /* a path id, or WORKLOAD_ONE */
	__u32 exe;      /* a path id; 0: not known */
};
_Static_assert(sizeof(struct slot_key) == 8, "slot_key has no padding");

/* The workload of every target but "all", whose workloads are the ids of their cgroups' paths. */
#define WORKLOAD_ONE 0xffffffffu

struct socket_key {
	__u32 slot;
	__u16 family;
	__u16 type;
};
_Static_assert(sizeof(struct socket_key) == 8, "socket_key has no padding");

struct capability_key {
	__u32 slot;
	__u32 capability;
};
_Static_assert(sizeof(struct capability_key) == 8, "capability_key has no padding");

/* Which file it is, and where. A rename more than NAMES_HASHED directories above goes unnoticed. */
struct file_key {
	__u64 dentry;
	__u64 mount;
	__u64 inode;
	__u64 names; /* its own, of the directories above it, and where it is mounted */
	__u32 device;
	__u32 slot; /* who uses it; 0 where that does not matter */
};
_Static_assert(sizeof(struct file_key) == 40, "file_key has no padding");

/* What has been done with a file, and how much of that the ring buffer has taken (enum perm). Where
 * it was full, the path is kept for the end. */
struct file_use {
	__u32 perms;
	__u32 told;
	__u32 path; /* its id; 0: not kept */
};

enum event_kind {
	EVENT_CELL = 1,
	EVENT_FILE = 2,
};

struct event_cell {
	__u32 kind;
	struct cell_key key;
	__u64 first_ns;
};
_Static_assert(sizeof(struct event_cell) == 24, "event_cell has no padding");

/*
 * A path as the mount namespace has it: its components, the last one first, each with a NUL. Also
 * the event that carries a path: what is beyond `length` is not sent.
 */
struct path_record {
	__u32 kind;
	__u32 slot;
	__u32 perms;  /* enum perm (user/model/fact.h) */
	__u32 flags;  /* enum path_flag, and the two below */
	__u32 length; /* bytes of text */
	__u32 depth;  /* components; the walk keeps its place here */
	char text[PATH_BYTES + NAME_BYTES];
};
_Static_assert(sizeof(struct path_record) == 24 + PATH_BYTES + NAME_BYTES, "path_record");
#define PATH_IS_DIRECTORY (1u << 16)

/* Bits of enum perm and enum path_flag of user/model/fact.h, for the kernel side. */
#define USE_READ     (1u << 0)
#define USE_WRITE    (1u << 1)
#define USE_APPEND   (1u << 2)
#define USE_MAP      (1u << 3)
#define IS_DELETED   (1u << 0)
#define IS_DETACHED  (1u << 1)
#define IS_FOREIGN   (1u << 2)
#define IS_TRUNCATED (1u << 3)

/* What sys_exit looks at when a call succeeded; 0: nothing. One nibble an ABI in exit_class. */
enum exit_class {
	CLASS_OPEN = 1, /* flags are argument 1 */
	CLASS_OPENAT,   /* flags are argument 2 */
	CLASS_OPENAT2,  /* flags are behind argument 2 */
	CLASS_CREAT,    /* flags are implied */
	CLASS_MMAP,     /* prot is argument 2, the descriptor argument 4 */
	CLASS_SOCKET,   /* family and type are arguments 0 and 1 */
	CLASS_SOCKETCALL,
};

/* Whose calls are recorded. */
enum scope {
	SCOPE_ALL,    /* every task, each cgroup apart */
	SCOPE_CGROUP, /* the tasks of a cgroup and what is below it */
	SCOPE_TREE,   /* a process and its descendants */
};

struct config {
	__u64 cgroup_id; /* SCOPE_CGROUP */
	__u32 scope;
	__u32 exits;         /* sys_exit is looked at, too */
	__u32 from_exec;     /* a task counts from its first exec in the scope on */
	__u32 own_pid;       /* the recorder, in the initial pid namespace: never recorded */
	__u32 target_pid;    /* SCOPE_TREE: in the recorder's pid namespace */
	__u32 pid_namespace; /* its inode */
	__u32 pid_level;     /* ... and how deep it is */
	__u32 paths_max;     /* entries of the map of paths that are not scratch */
	__u32 ring_size;     /* bytes */
	__u32 pad;
};
_Static_assert(sizeof(struct config) == 48, "config has no padding");

/* Everything that did not fit. */
struct losses {
	__u64 dropped;      /* records that found the ring buffer full; told again later */
	__u64 slots;        /* calls of a (workload, executable) pair for which there was no room */
	__u64 cells;        /* calls for which there was no cell */
	__u64 results;      /* errors for which there was no room */
	__u64 files;        /* uses of files for which there was no room */
	__u64 sockets;      /* sockets for which there was no room */
	__u64 capabilities; /* uses of capabilities for which there was no room */
	__u64 paths;        /* executables and cgroups whose path could not be kept */
	__u64 tasks;        /* calls of tasks that could not be given a state */
};

#endif
