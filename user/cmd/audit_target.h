/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is running and is audited: the process that stands for it, and a sample of what it calls. */
#ifndef LEASTCALL_AUDIT_TARGET_H
#define LEASTCALL_AUDIT_TARGET_H

#include "record.h"

/* The oldest process of the target. Returns 0, or a negative errno with the words in err: -ENOENT where
 * nothing of it is running. */
int audit_target_find(const struct record_options *target, pid_t *ret, struct err *err);
/* Records it for target->duration seconds, or until it or a signal ends that: a sealed model, which the
 * caller frees, and how long it took. Returns 0, or a negative errno with the words in err. */
int audit_target_sample(const struct record_options *target, struct model **ret,
			double *ret_seconds, struct err *err);

#endif
