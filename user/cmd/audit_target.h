/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is running and is audited: the process that stands for it, and a sample of what it calls. */
#ifndef LEASTCALL_AUDIT_TARGET_H
#define LEASTCALL_AUDIT_TARGET_H

#include "record.h"

struct audit_target {
	pid_t oldest; /* stands for all of them */
	pid_t *pids;  /* the processes that there were; owned */
	size_t count;
};
/* Returns 0 and *ret for audit_target_drop(), or a negative errno with the words in err: -ENOENT where
 * nothing of the target is running, -EMLINK where its name is more than one's. */
int audit_target_find(const struct record_options *target, struct audit_target *ret,
		      struct err *err);
void audit_target_drop(struct audit_target *target);
#define _cleanup_audit_target_ __attribute__((cleanup(audit_target_drop)))
/* Records it for target->duration seconds, or until it or a signal ends that: a sealed model, which the
 * caller frees, and how long it took. Returns 0, or a negative errno with the words in err. */
int audit_target_sample(const struct record_options *target, struct model **ret,
			double *ret_seconds, struct err *err);

#endif
