/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a policy is kept from: by the options, by a tier, by another profile, by an architecture. */
#ifndef LEASTCALL_POLICY_LIMIT_H
#define LEASTCALL_POLICY_LIMIT_H

#include "policy.h"

/* The names that were called options->min_count times or more: by all instances of the workload, in
 * every ABI. Settled; the caller drops the set. */
void policy_frequent(const struct model *model, const struct emit_options *options,
		     const char *workload, struct names *ret);
/* False where the options leave an observed call out; then it is among the cuts. */
bool policy_keeps_call(struct policy *policy, const struct emit_options *options,
		       const struct names *frequent, const struct call *call);
/* Makes it one for options->archs, where there are any; before tables are looked at. */
void policy_translate(struct policy *policy, const struct emit_options *options);
/*
 * Takes out what no ABI has, what is of options->deny_tier, and what options->base does not allow; all
 * of it goes to the cuts. Of a settled policy, and leaves one. Nothing may be added afterwards.
 */
void policy_limit(struct policy *policy, const struct emit_options *options);

#endif
