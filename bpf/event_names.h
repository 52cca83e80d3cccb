/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names that calls are given. A part of event.h, included by nothing else. */
#ifndef LEASTCALL_EVENT_NAMES_H
#define LEASTCALL_EVENT_NAMES_H

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

#endif
