/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the parts of leastcall targets share; nobody else includes it. */
#ifndef LEASTCALL_TARGETS_H
#define LEASTCALL_TARGETS_H

#include "trace/confinement.h"
#include "trace/container.h"

/* In the order of the table. */
enum rank {
	RANK_CONTAINER,
	RANK_UNIT,
	RANK_CGROUP,
	RANK_SANDBOX,
};

struct target {
	enum rank rank;
	char *path; /* escaped */
	struct identity identity;
	size_t processes;          /* with those below it; a cgroup's: its own */
	size_t unread;             /* of them, what confines them can't be read */
	uint64_t started;          /* of the oldest one */
	struct confinement oldest; /* what confines it */
	bool mixed_seccomp;        /* others are confined otherwise */
	bool mixed_apparmor;
};

struct survey {
	const struct cgroup_hierarchy *hierarchy;
	struct containers *containers;
	bool all;
	struct target *targets;
	size_t count, size;
};

/* What has no process is a left-over. */
bool target_is_shown(const struct survey *survey, const struct target *target);

/* targets_print.c: both to stdout. */
void targets_print_table(const struct survey *survey);
void targets_print_json(const struct survey *survey);

#endif
