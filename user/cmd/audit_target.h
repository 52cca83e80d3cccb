/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The process that stands for a container, a pod's container, a unit or a cgroup that is running. */
#ifndef LEASTCALL_AUDIT_TARGET_H
#define LEASTCALL_AUDIT_TARGET_H

#include <sys/types.h>

#include "model/identity.h"

/* What was asked for: one of these. */
struct audit_target {
	const char *container, *pod, *unit, *cgroup;
	pid_t pid;
};

/* The oldest process of it. Returns 0, or a negative errno with the words in err: -ENOENT where nothing
 * of it is running. */
int audit_target_find(const struct audit_target *target, pid_t *ret, struct err *err);

#endif
