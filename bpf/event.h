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

/* How often, and since when. */
struct cell {
	__u64 count;
	__u64 first_ns : 62; /* CLOCK_MONOTONIC */
	__u64 told : 1;      /* the ring buffer has taken the news of it */
	__u64 settled : 1;   /* told, and its arguments do not matter: only count */
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

/* Which arguments of a call are looked at, and which of their bits. */
struct argument_class {
	__u64 masks[CALL_ARGUMENTS];
	__u32 known;   /* bits: the masks that are not 0 */
	__u32 pointer; /* of the first one, what it points at */
};
_Static_assert(sizeof(struct argument_class) == 56, "argument_class has no padding");

/* Calls by their arguments: {..} -> how often (__u64). `known` is 0 for all that are beyond
 * ARGUMENTS_CALL. */
struct arguments_key {
	struct cell_key call;
	__u32 known;
	__u64 values[CALL_ARGUMENTS];
};
_Static_assert(sizeof(struct arguments_key) == 64, "arguments_key has no padding");

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

/* How a capability was asked for: what is kept by capability_key. */
enum capability_asked {
	ASKED = 1,
	ASKED_SILENTLY = 2, /* each time so that a refusal is not logged */
};

/* Where a function of the kernel lies. */
struct kernel_range {
	__u64 start;
	__u64 end; /* the next symbol's start */
};

enum capable_function {
	CAPABLE_LSM = 0,   /* security_capable() */
	CAPABLE_SILENT,    /* ns_capable_noaudit() */
	CAPABLE_SILENT_OF, /* has_capability_noaudit() */
	CAPABLE_SILENT_IN, /* has_ns_capability_noaudit() */
	CAPABLE_FUNCTIONS,
};

/* What a request of io_uring does. */
enum uring_action {
	URING_OTHER = 0, /* its opcode is told */
	URING_NOTHING,   /* that AppArmor would ask about */
	URING_OPEN,
	URING_SOCKET,
	URING_BIND,
	URING_CONNECT,
	URING_SEND,    /* told where it may have been to the address of a unix socket */
	URING_RECEIVE, /* ... where it may have brought descriptors */
};
#define URING_OPCODES 256

/* When a call that succeeded has used a capability; `arg` is the argument that is looked at. */
enum inferred_when {
	WHEN_NEVER = 0, /* it changes what the task has */
	WHEN_ALWAYS,
	WHEN_FLAGS,         /* it has bits of the mask */
	WHEN_BIT,           /* its low five bits are the number of one of the mask's */
	WHEN_NAMESPACES,    /* as WHEN_FLAGS; of a new user namespace they need not be asked for */
	WHEN_NAMESPACES_AT, /* ... at where it points */
	WHEN_JOINED,        /* its type of namespace may ask for one more */
	WHEN_TIMEX,         /* it points at a struct timex that changes something */
	WHEN_DEVICE,        /* it is the mode of one */
	WHEN_NICE,       /* it is what to change the priority of; the mask: it is the task's own */
	WHEN_POLICY,     /* it is whose policy to change */
	WHEN_RAW,        /* of a socket: family and type */
	WHEN_LOW_PORT,   /* it is a socket that is bound to one now */
	WHEN_FOREIGN,    /* it is a descriptor of somebody else's file */
	WHEN_GIVEN_AWAY, /* it and the next are ids: not the task's own. The mask: how wide */
	WHEN_NEW_USER,   /* an id of the task's is none that it had; the mask: nor a saved one */
	WHEN_NEW_GROUP,
	WHEN_FILTERED,  /* a seccomp filter was set, and privileges are not renounced */
	WHEN_LOCKED,    /* more memory is locked than everybody may */
	WHEN_POINTS_AT, /* ... a number that is not 0 */
	WHEN_PRIORITY,  /* ... a socket's that not everybody may set */
	WHEN_NETLINK,   /* a message's address; the mask: it is a struct msghdr's */
	WHEN_OPENED,    /* the result is a file that the task has no permission for */
	WHEN_CHOSEN,    /* it tells which row of inferred_choices counts; the mask: with the next */
};

struct inferred_class {
	__u8 capability;
	__u8 when; /* enum inferred_when */
	__u8 arg;
	__u8 instead; /* what is asked for where the task does not have it; 0: nothing */
	__u32 mask;
};
_Static_assert(sizeof(struct inferred_class) == 8, "inferred_class has no padding");
#define INFERRED_CLASSES 128

/* What a call that does many things is asked for, by its row of inferred_classes and what it does. */
struct inferred_choice {
	__u64 key;
	struct inferred_class class;
};
#define INFERRED_CHOICES           128 /* a power of two */
#define CHOICE_KEY(row, what)      ((__u64)(row) << 32 | (__u32)(what))
#define CHOICE_PAIR(first, second) ((__u32)(first) << 16 | (__u16)(second))

/* What was done that is no access to a file: enum operation of user/model/fact.h, for the kernel
 * side. The three of unix sockets come first: see USE_UNIX. */
enum done {
	DONE_UNIX_BIND,
	DONE_UNIX_CONNECT,
	DONE_UNIX_SEND,
	DONE_SIGNAL,
	DONE_TRACE,
	DONE_READ,
	DONE_USERNS,
	DONE_MQUEUE,
	DONE_PROFILE_CHANGE,
	DONE_PROFILE_EXEC,
	DONE_URING_SQPOLL,
	DONE_URING_CREDENTIALS,
	DONE_URING_OTHER,
	DONES,
};

struct operation_key {
	__u32 slot;
	__u32 done;
	__u32 peer; /* a workload, or WORKLOAD_NONE */
	__u32 number;
};
_Static_assert(sizeof(struct operation_key) == 16, "operation_key has no padding");

/* ... and what has a word: what is beyond its length is 0. */
struct word_key {
	__u32 slot;
	__u16 done;
	__u16 length;
	__u32 number;
	char text[WORD_BYTES];
};
_Static_assert(sizeof(struct word_key) == 12 + WORD_BYTES, "word_key has no padding");

/*
 * Which file it is, and where. The addresses may be another's once it is gone; its path is the same
 * then, for `names`. A rename more than NAMES_HASHED directories above goes unnoticed.
 */
struct file_key {
	__u64 dentry;
	__u64 mount;
	__u64 inode;
	__u64 names; /* its own, of the directories above it, and where it is mounted */
	__u32 slot;  /* who uses it; 0 where that does not matter */
	__u32 pad;
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
	EVENT_CGROUP = 3, /* struct event_word: a new workload */
	EVENT_ACCEPT = 4, /* struct event_word: a connection was accepted */
	EVENT_TEXT = 5,   /* a path_record: what was written, as it is */
	EVENT_MOVED = 6,  /* struct event_word: a workload that a task of another one came to */
	EVENT_ROOT = 7,   /* struct name_record: a root directory that tasks have */
	EVENT_NAME = 8,   /* struct name_record: a call that was given a name */
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

/* How far owners and modes of files bind a task. */
enum bound {
	BOUND_NOT = 0, /* it has a capability against them */
	BOUND = 1,
	BOUND_MAPPED = 2, /* it has one, over what its user namespace has a number for */
};
#define NAME_GIDS     16
#define NAME_GIDS_ALL (~0u) /* gid_count: it has more */

/*
 * A name as a program spelled it, and where it starts: `base`, the directory, has the name's bytes
 * and their NUL behind its own components. Calls with two names tell them in two records, one after
 * the other on the same CPU.
 */
struct name_record {
	__u32 kind;
	__u32 slot;
	__u32 op;   /* enum name_op */
	__u32 part; /* 1: the last name of the call, or the only one */
	__u32 cpu;
	__u32 detail; /* the call's flags; NAME_EXEC: the slot of who did it; EVENT_ROOT: a mount */
	__u32 uid;    /* the task's fsuid */
	__u32 process;  /* in the recorder's pid namespace; 0: not in there */
	__u32 root;     /* the number of the task's root; of EVENT_ROOT, the new one */
	__u32 mounts;   /* the mount namespace */
	__u32 size;     /* of the name and its NUL; 0: none, the base is what is meant */
	__u32 absolute; /* the name is: there is no base but the root */
	__u32 magic;    /* the name begins with /proc/self/fd/N or cwd: the base is what that was */
	__u32 bound;    /* enum bound */
	__u32 owner;    /* of what the descriptor stands for, where the name is magic */
	__u32 group;
	__u32 mode;
	__u32 gid_count;
	__u32 gids[NAME_GIDS]; /* the task's, where it is bound */
	struct path_record base;
	char more[PATH_BYTES];
};
_Static_assert(sizeof(struct name_record) == 136 + sizeof(struct path_record) + PATH_BYTES,
	       "name_record has no padding");

/* What a call did with its names. */
enum name_op {
	NAME_MKDIR = 1,
	NAME_RMDIR,
	NAME_UNLINK, /* detail: AT_REMOVEDIR */
	NAME_CREATE, /* mknod, symlink */
	NAME_RENAME, /* detail: RENAME_EXCHANGE */
	NAME_LINK,   /* detail: AT_SYMLINK_FOLLOW */
	NAME_CHANGE, /* chmod, truncate; detail: AT_SYMLINK_NOFOLLOW */
	NAME_CHOWN,  /* ... after which it may be another's */
	NAME_LCHOWN,
	NAME_EXEC,      /* the name is the script's, where there is one */
	NAME_UNIX_SEND, /* a datagram was sent to the socket */
	NAME_MOUNT,     /* detail: MS_*; the type is told, too */
	NAME_MOVE_MOUNT,
	NAME_UMOUNT, /* detail: UMOUNT_NOFOLLOW */
	NAME_PIVOT_ROOT,
};
#define NAME_BEFORE NAME_UMOUNT /* and up: where names start is looked at before the call */

/* Where a call has its names: indices of arguments, 1 more than they are; 0: none. */
struct name_class {
	__u8 op; /* enum name_op */
	__u8 dirfd[2];
	__u8 path[2];
	__u8 flags;
	__u8 word[2]; /* [0]: a string that is no name; told behind the last one */
};
_Static_assert(sizeof(struct name_class) == 8, "name_class has no padding");
#define NAME_CLASSES 64
#define ROOT_GONE    (~0u) /* in name_record: the task has another one since */

/* Whose root it is. */
struct root_key {
	__u64 mount;
	__u64 dentry;
	__u32 mounts; /* the mount namespace's inode */
	__u32 pad;
};
_Static_assert(sizeof(struct root_key) == 24, "root_key has no padding");

/* A name that was told, of one part. */
struct name_key {
	__u64 mount; /* of the base */
	__u64 dentry;
	__u64 hash; /* of the name, and of where the base is */
	__u32 slot;
	__u32 op;
	__u32 detail;
	__u32 uid;
	__u32 root;
	__u32 pad;
};
_Static_assert(sizeof(struct name_key) == 48, "name_key has no padding");

/* A path_record of the fresh cgroups: `slot` is its number, `kind` is 0 once the user side has read
 * it, `perms` the process that made it, or 0; of one that is VERDICT_OUTSIDE, the workload whose task
 * went there. */

/* Bits of enum perm and enum path_flag of user/model/fact.h, for the kernel side. */
#define USE_READ   (1u << 0)
#define USE_WRITE  (1u << 1)
#define USE_APPEND (1u << 2)
#define USE_MAP    (1u << 3)
#define USE_LOCK   (1u << 4)
/* Beside them: a unix socket of the type `index` (stream, dgram, seqpacket) was bound to the path,
 * connected to it or sent to it. */
#define UNIX_TYPES            3
#define USE_UNIX_ALL          (0x1ffu << 16)
#define USE_UNIX(done, index) (1u << (16 + (done)*UNIX_TYPES + (index)))
#define USE_OWNER             (1u << 30) /* beside them: the task owned the file ... */
#define USE_OTHER             (1u << 31) /* ... or did not */
#define USE_WHO               (USE_OWNER | USE_OTHER)
#define IS_DELETED            (1u << 0)
#define IS_DETACHED           (1u << 1)
#define IS_FOREIGN            (1u << 2)
#define IS_TRUNCATED          (1u << 3)

/* What sys_exit looks at when a call succeeded; 0: nothing. One byte an ABI in exit_class. */
enum exit_class {
	CLASS_OPEN = 1, /* flags are argument 1 */
	CLASS_OPENAT,   /* flags are argument 2 */
	CLASS_OPENAT2,  /* flags are behind argument 2 */
	CLASS_CREAT,    /* flags are implied */
	CLASS_MMAP,     /* prot is argument 2, the descriptor argument 4 */
	CLASS_SOCKET,   /* family and type are arguments 0 and 1 */
	CLASS_SOCKETCALL,
	CLASS_ACCEPT,   /* only where the serving mark waits for one */
	CLASS_WRITE,    /* only where it waits for a text, or profiles can be changed */
	CLASS_WRITEV,   /* ... for a text: behind the vectors of argument 1 */
	CLASS_MPROTECT, /* the address is argument 0, prot argument 2 */
	CLASS_FD_WRITE, /* argument 0 is a descriptor whose file is changed: fchmod and the like */
	CLASS_FD_NEW,   /* the result is somebody else's descriptor: pidfd_getfd */
	CLASS_FLOCK,    /* the operation is argument 1 */
	CLASS_FCNTL,    /* the command is argument 1, struct flock behind argument 2 */
	CLASS_RECVMSG,  /* struct msghdr is behind argument 1 */
	CLASS_RECVMMSG, /* result many of them are, each with its length */
	CLASS_SIGNAL,   /* see on_signal(): the call itself tells nothing */

	CLASS_PTRACE,      /* the request is argument 0, the process argument 1 */
	CLASS_PID_TRACE,   /* asks to trace the process of argument 0 */
	CLASS_PID_READ,    /* ... to read it */
	CLASS_SECOND_READ, /* ... that of argument 1 */
	CLASS_KCMP,        /* ... both */
	CLASS_PIDFD_READ,  /* ... the one behind the descriptor of argument 0 */

	CLASS_BIND,    /* the socket is argument 0 */
	CLASS_CONNECT, /* ... too */
	CLASS_SENDTO,  /* ... the address argument 4 */
	CLASS_SENDMSG, /* ... the address in what argument 1 points at */

	CLASS_UNSHARE, /* flags are argument 0: clone(2), too */
	CLASS_CLONE3,
	CLASS_URING_SETUP,    /* parameters are behind argument 1 */
	CLASS_URING_REGISTER, /* the operation is argument 1 */
	CLASS_MQ_OPEN,        /* flags are argument 1 */
	CLASS_ATTRIBUTE_SET,  /* the attribute is argument 0, its value behind argument 1 */
	CLASS_FILTER,         /* may ask whether a filter may be set: see on_capable() */
	CLASS_INFERRED,       /* only inferred_class has a row for it */
	CLASS_NAMES = 0x80,   /* and up: the rows of name_classes */
};

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
};
_Static_assert(sizeof(struct config) == 60, "config has no padding");

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
};

#endif
