/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Opening what a name leads to, below a directory, without ever waiting long: a file system may be
 * served by a program of the very workload that is recorded, or by a server that does not answer.
 */
#ifndef LEASTCALL_LOOKUP_H
#define LEASTCALL_LOOKUP_H

#include <stdbool.h>
#include <sys/stat.h>

struct lookups;

/* What a path stood for. */
struct looked {
	char *path; /* in its mount namespace, to be freed; NULL where that can't be told */
	struct statx
		st; /* STATX_TYPE, _MODE, _UID, _GID and _MNT_ID, as far as stx_mask has them */
};

struct lookups *lookups_new(void);
void lookups_free(struct lookups *lookups);

/*
 * An O_PATH descriptor of `path` below `root` (openat2(2), RESOLVE_IN_ROOT), for the caller to close,
 * or a negative errno. What the kernel has in its cache is answered at once; the rest is asked for by
 * a thread that is waited for for LOOKUP_MS. Where that was not enough, the rest is -EAGAIN until the
 * answer has come.
 */
#define LOOKUP_MS 500 /* milliseconds */
int lookup_open(struct lookups *lookups, int root, const char *path, int flags);
/* The same without a descriptor that stays: 0 and *ret. As long as one is open nobody can unmount what it
 * is on, and who is recorded may want to. */
int lookup_path(struct lookups *lookups, int root, const char *path, int flags, struct looked *ret);
/* Do others than owner, group and mode decide who may change what is there? False where the answer does
 * not come in time. */
bool lookup_has_rules(struct lookups *lookups, int root, const char *path, int flags);
/* Is that directory the kernel's own procfs (statfs(2), f_type)? Asked for by the thread, too. */
bool lookup_is_proc(struct lookups *lookups, int root, const char *path);

#endif
