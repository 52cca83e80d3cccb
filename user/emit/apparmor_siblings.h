/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Patterns of the names in one directory, kept for the directories beside it and for those of its name:
 * there whoever made such names is likely to make more. Knows nothing of runs.
 */
#ifndef LEASTCALL_APPARMOR_SIBLINGS_H
#define LEASTCALL_APPARMOR_SIBLINGS_H

#include "apparmor_cells.h"

struct siblings {
	struct sibling *list;
	size_t count, room;
};

/* The directory is the path up to `at`, with its slash; `directories`: that is what is called so. */
void siblings_add(struct siblings *siblings, const struct cells *path, size_t at,
		  const struct cells *pattern, bool directories);
/* Once all are added, and before siblings_find(). */
void siblings_sort(struct siblings *siblings);
/*
 * The closest pattern for a name of the path, from `at` up to `end`; beside its directory, or else
 * in one of its name. NULL: none. Borrowed.
 */
const struct cells *siblings_find(const struct siblings *siblings, const struct cells *path,
				  size_t at, size_t end, bool directories);
void siblings_drop(struct siblings *siblings);

#endif
