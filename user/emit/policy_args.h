/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The arguments that a rule allows: from what was recorded, and from the tables. */
#ifndef LEASTCALL_POLICY_ARGS_H
#define LEASTCALL_POLICY_ARGS_H

#include "policy.h"

/*
 * A rule for the call with the arguments that were recorded of it in these phases (bits); with any
 * where they were not recorded every time, were too many, or are not told apart. clone3's are behind
 * a pointer, which no filter follows: it is allowed where namespaces were asked for, else refused,
 * and clone is allowed in its place.
 */
void policy_add_call(struct policy *policy, const struct model *model,
		     const struct emit_options *options, const struct call *call,
		     unsigned int phases, enum reason reason);
/* A rule for a call of a runtime's floor: with the arguments of args_more_rows, where the
 * recording looked at the call's. */
void policy_add_floor(struct policy *policy, const struct emit_options *options, const char *name);
/* What is allowed wherever the arguments of a rule that is in are told apart. */
void policy_add_probes(struct policy *policy);

#endif
