/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who executed what, as far as a recording tells: an executable as such, a script, or an executable
 * because it interprets one. Knows no rules.
 */
#ifndef LEASTCALL_APPARMOR_EXEC_H
#define LEASTCALL_APPARMOR_EXEC_H

#include "model/model.h"
#include "model/names.h"

/* In place of a script that was executed by its descriptor, which has another path each time. */
#define SCRIPT_DESCRIPTOR "/proc/@{pid}/fd/[0-9]*"

struct execs {
	struct names programs; /* executed as such, by those that count */
	struct names scripts;  /* executed by them, too */
	struct names sure;     /* those of the scripts that were resolved */
	struct names told;     /* executed by anybody, for a script or not */
	struct names runs;     /* those that tell who executed what */
	bool again;            /* one that does not may have executed its root once more */
};

/* Is it one of `exes`, which NULL has all of, known or not, and none of `not_exes`? exe may be NULL. */
bool executable_counts(const struct names *exes, const struct names *not_exes, const char *exe);

/*
 * Zero-initialised `ret` is filled from what was told of the workload. What began a run, the execve
 * of its root, was asked for by nobody who is confined, and is none of it. `wants` says whose doings
 * count; exe may be NULL.
 */
void execs_gather(const struct model *model, const char *workload,
		  bool (*wants)(const void *ctx, const char *exe), const void *ctx,
		  struct execs *ret);
/*
 * Was the path of a file fact with PERM_EXEC executed by one of those that count? Where nobody tells,
 * all was, but for the roots of runs.
 */
bool execs_have(const struct execs *execs, const struct fact *file, bool root);
void execs_drop(struct execs *execs);

#endif
