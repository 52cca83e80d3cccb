/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Paths that were called otherwise in another run, and what both names have in common. The evidence
 * is a difference between runs, never the look of a name alone. Knows no rules.
 */
#ifndef LEASTCALL_APPARMOR_GLOB_H
#define LEASTCALL_APPARMOR_GLOB_H

#include "apparmor_cells.h"

struct glob_path {
	const char *run; /* which saw it; NULL: several did, so that it is no random name */
	uint32_t perms;
	bool fixed;       /* stays as it is */
	bool withdrawn;   /* the caller's: it had a glob that was too wide */
	uint32_t marks;   /* enum mark: marks_find()'s */
	const char *open; /* the caller's: what it leaves open already; or NULL */
	struct cells cells;
	size_t at; /* where the component begins that is looked at: globs_find()'s own */
};

/*
 * Replaces in the cells of all paths what varies between runs: names of one length in one directory,
 * or with numbers of several, with the same permissions, that only one run has each. Each byte that varies becomes the smallest
 * class of bytes that holds what was seen. The order of the paths is of no account.
 */
void globs_find(struct glob_path *paths, size_t count);

/*
 * A star for the names in a directory where at least `least` were written that end in the same
 * suffix: .txt, or none.
 */
void globs_find_siblings(struct glob_path *paths, size_t count, uint64_t least);

#endif
