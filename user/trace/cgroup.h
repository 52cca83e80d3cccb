/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The cgroup2 hierarchy: where it is mounted, where a process is in it, and a leaf of our own.
 * cgroups(7). Paths below are relative to the mount, "/" is its root.
 */
#ifndef LEASTCALL_CGROUP_H
#define LEASTCALL_CGROUP_H

#include <stdint.h>
#include <sys/types.h>

#include "util/util.h"

/* Where cgroup2 is mounted (the first one in /proc/self/mountinfo); the caller frees it. -ENOENT
 * where it is not. */
int cgroup_mount_find(char **ret_mount, struct err *err);
/* The path of a process's cgroup; the caller frees it. */
int cgroup_of_pid(pid_t pid, char **ret_path, struct err *err);
/* The id of the cgroup in this directory: its inode. -ENOTDIR where it is no cgroup2 directory. */
int cgroup_id_read(const char *directory, uint64_t *ret_id, struct err *err);

/* A cgroup of its own for one command, below our own one. */
struct cgroup_leaf {
	char *directory; /* NULL: there is none */
	char *path;
	uint64_t id;
	int lock; /* held as long as the recorder lives */
};
/* Makes it, after removing those that dead recorders left behind. */
int cgroup_leaf_make(struct cgroup_leaf *leaf, struct err *err);
/* Puts a process into it. */
int cgroup_leaf_add(const struct cgroup_leaf *leaf, pid_t pid, struct err *err);
/* Removes it, as far as it is empty, and frees what it holds. */
void cgroup_leaf_remove(struct cgroup_leaf *leaf);

/* True where every process of the directory's subtree is `pid` or one of its descendants. */
bool cgroup_is_own(const char *directory, pid_t pid);

#endif
