/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The hierarchy of cgroups that is used: where it is mounted, where a process is in it, what is
 * below a cgroup, and a leaf of our own. cgroups(7). It knows no container.
 */
#ifndef LEASTCALL_CGROUP_H
#define LEASTCALL_CGROUP_H

#include <stdint.h>
#include <sys/types.h>

#include "event.h"
#include "util/util.h"

/*
 * cgroup2 where it is mounted, as every task is in it then; else one of the v1 hierarchies. Paths
 * below are relative to its mount: "/" is the root, no other path ends with a slash.
 */
struct cgroup_hierarchy {
	char *mount;
	enum hierarchy kind;
	const char *controller; /* one of the v1 hierarchy's, "pids"; NULL: cgroup2 */
	uint32_t id; /* the kernel's number of the hierarchy, /proc/cgroups; 0: cgroup2 */
};

/* 0, and the caller drops *ret; -ENOENT where no hierarchy is mounted that will do. */
int cgroup_hierarchy_find(struct cgroup_hierarchy *ret, struct err *err);
/* Frees what it holds; a zeroed one holds nothing. */
void cgroup_hierarchy_drop(struct cgroup_hierarchy *hierarchy);

/* The path of a process's cgroup; the caller frees it. 0, or a negative errno with the words in
 * err. */
int cgroup_of_pid(const struct cgroup_hierarchy *hierarchy, pid_t pid, char **ret_path,
		  struct err *err);
/* The id of the cgroup in this directory: its inode, in v1 as well. -ENOTDIR where it is no
 * directory of the hierarchy. */
int cgroup_id_read(const struct cgroup_hierarchy *hierarchy, const char *directory,
		   uint64_t *ret_id, struct err *err);

/* Whether a path is below another one, or is the same. */
bool path_is_below(const char *path, const char *above);

/* Its processes, one a line, for cgroup_procs_next(). NULL where they can't be read; the caller
 * closes it. */
FILE *cgroup_procs_open(const char *directory);
/* The next one; 0 is one that has no number here. False at the end, and where the rest can't be read
 * (ferror()). `procs` may be NULL. */
bool cgroup_procs_next(FILE *procs, pid_t *ret);

/* How deep below its start cgroup_walk() goes. */
#define CGROUP_DEPTH_MAX 64
/*
 * Calls `each` for the cgroup at `path` and for all that are below it, parents first; false: not
 * below this one. What vanishes meanwhile is passed over. Returns 0, -ELOOP where something was
 * deeper than CGROUP_DEPTH_MAX (everything else was visited), or why the start can't be opened.
 */
int cgroup_walk(const struct cgroup_hierarchy *hierarchy, const char *path,
		bool (*each)(void *ctx, const char *path, uint64_t id), void *ctx);

/* A cgroup of its own for one command, below our own one. */
struct cgroup_leaf {
	char *directory; /* NULL: there is none */
	char *path;
	uint64_t id;
	int lock; /* held as long as the recorder lives */
};
/* Makes it, after removing those that dead recorders left behind. Returns 0, and the caller removes
 * it; or a negative errno with the words in err and nothing to remove. */
int cgroup_leaf_make(const struct cgroup_hierarchy *hierarchy, struct cgroup_leaf *leaf,
		     struct err *err);
/* Puts a process into it. Returns 0, or a negative errno with the words in err. */
int cgroup_leaf_add(const struct cgroup_leaf *leaf, pid_t pid, struct err *err);
/* Removes it, as far as it is empty, and frees what it holds. */
void cgroup_leaf_remove(struct cgroup_leaf *leaf);

/* True where every process of the directory's subtree is `pid` or one of its descendants. */
bool cgroup_is_own(const char *directory, pid_t pid);

#endif
