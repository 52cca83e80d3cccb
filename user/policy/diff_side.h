/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What diff.c asks of each side; nobody else includes it. */
#ifndef LEASTCALL_DIFF_SIDE_H
#define LEASTCALL_DIFF_SIDE_H

#include "diff.h"

/* Nothing that a rule does not name is stopped. */
bool lets_through(const struct policy_defaults *defaults);
/* The caller drops *ret, as that of side_callers(). */
void side_archs(const struct diff_side *side, struct names *ret);
/* Who called it behind the filter; whoever called anything where name is NULL. */
void side_callers(const struct diff_side *side, const char *name, struct names *ret);
/* What runs, be it logged. */
struct grant side_runs(const struct diff_side *side, const char *name);
/* What runs because a rule says so, where all else is logged. */
struct grant side_allowed(const struct diff_side *side, const char *name);
/* What a call meets whose arguments no rule of its own is for, where that is refused. */
struct answer side_answer(const struct diff_side *side, const char *name);
/* What the side answers these arguments; false where some of them run, which is told elsewhere. */
bool side_arguments_answer(const struct diff_side *side, const char *name,
			   const struct alternative *arguments, struct answer *ret);
/* The refusal of just these arguments; NULL where there is none. */
const struct alternative *refusal_same(const struct refused_call *refusal,
				       const struct alternative *arguments);

#endif
