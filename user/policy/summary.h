/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What there is to say of a policy in a few lines. */
#ifndef LEASTCALL_SUMMARY_H
#define LEASTCALL_SUMMARY_H

#include "policy.h"

/* What a profile allows, for the lines about it. The names are the tables'. */
struct seccomp_summary {
	size_t observed;            /* names seen that are in for that */
	size_t called;              /* names seen, those that were cut among them */
	size_t added;               /* names that are in though nobody was seen to call them */
	struct names runtime;       /* of those seen: only between the filter and execve */
	struct names denied;        /* of those added: they were denied, include_denied */
	struct names always;        /* of those added: every profile needs them */
	struct names floor;         /* of those added: the container's runtime needs them */
	struct names family;        /* of those added: they stand in for others */
	struct names refused;       /* neither: answered with ENOSYS, so that libc falls back */
	struct names tiers[TIERS];  /* all that are in, by their tier; not TIER_NONE */
	size_t narrowed;            /* allowed for some arguments only */
	enum runtime whose_floor;   /* never RUNTIME_AUTO */
	bool has_docker;            /* all are x86-64's: they compare with docker_default_names */
	struct names beyond_docker; /* those that Docker's default does not allow */
	size_t docker_count[TIERS]; /* how many of a tier Docker's default allows */
	size_t closed_count[TIERS]; /* ... and the profile does not */
	/* Of an architecture that was asked for: which of the names it lacks, and for which of these
	 * nothing stands in. */
	struct names lacking[ABI_COUNT];
	struct names lost[ABI_COUNT];
};
/* Does Docker's default allow the call of this name, on x86-64? */
bool docker_allows(const char *name);
/* The caller drops *ret. */
void seccomp_summarise(const struct policy *policy, struct seccomp_summary *ret);
void seccomp_summary_drop(struct seccomp_summary *summary);

#endif
