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
/*
 * With which arguments the call of this name is harmless whoever makes it: how many, in `ret`, which has
 * room for 64 * CALL_ARGS. 0: there is nothing to tell apart.
 */
size_t policy_harmless(const struct policy *policy, const struct emit_options *options,
		       const char *name, struct alternative *ret);
/* What is allowed wherever the arguments of a rule that is in are told apart. */
void policy_add_probes(struct policy *policy);

#endif
