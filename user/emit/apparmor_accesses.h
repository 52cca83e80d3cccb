/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a workload did with files, as questions to a profile: apparmor/aa_match.h. Knows no rules; what
 * can't be a rule (flagged, no path, too long for one) is no question.
 */
#ifndef LEASTCALL_APPARMOR_ACCESSES_H
#define LEASTCALL_APPARMOR_ACCESSES_H

#include "apparmor/aa_match.h"
#include "model/model.h"

struct accesses {
	struct aa_access *list; /* by path; may be told several times, with different perms */
	size_t count;
};

/* Of the workload or group. The caller drops *ret. */
void accesses_gather(const struct model *model, const char *workload, struct accesses *ret);
void accesses_drop(struct accesses *accesses);
#define _cleanup_accesses_ __attribute__((cleanup(accesses_drop)))

#endif
