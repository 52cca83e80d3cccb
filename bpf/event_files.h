/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Files by their descriptors, and every path. A part of event.h, included by nothing else. */
#ifndef LEASTCALL_EVENT_FILES_H
#define LEASTCALL_EVENT_FILES_H

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
	__u32 pad;   /* on Linux 5.10 to 5.16, of a use: what for */
};
_Static_assert(sizeof(struct file_key) == 40, "file_key has no padding");

/* What has been done with a file, and how much of that the ring buffer has taken (enum perm). Where
 * it was full, the path is kept for the end. */
struct file_use {
	__u32 perms;
	__u32 told;
	__u32 path; /* its id; 0: not kept */
};

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

#endif
