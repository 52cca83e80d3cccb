/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What one side of a comparison makes of a call. Knows no other side. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diff_side.h"

struct policy_defaults policy_defaults_of(const struct emit_options *options)
{
	return (struct policy_defaults){
		.action = refusal_action(options->refusal),
		.errnum = options->refusal == REFUSAL_ERRNO ? refusal_errnum(options) : 0,
		.is_logged = options->refusal == REFUSAL_LOG,
		.flags = FLAG_SPEC_ALLOW,
	};
}

bool lets_through(const struct policy_defaults *defaults)
{
	return defaults->is_open || defaults->is_logged;
}

void side_archs(const struct diff_side *side, struct names *ret)
{
	size_t i;
	int abi;

	*ret = (struct names){};
	for (abi = 0; abi < ABI_COUNT; abi++)
		if (side->policy->abis[abi])
			names_add(ret, abi_scmp_name(abi));
	for (i = 0; i < side->defaults->arch_count; i++)
		names_add(ret, side->defaults->archs[i]);
	names_settle(ret);
}

void side_callers(const struct diff_side *side, const char *name, struct names *ret)
{
	const struct fact *facts;
	size_t count, at = 0, i;
	struct call call;

	*ret = (struct names){};
	if (!side->model)
		return;
	count = model_facts(side->model, FACT_SYSCALL, &facts);
	while (call_next(facts, count, &at, PHASES_JUDGED, &call)) {
		if (!workload_is(call.facts, side->workload) ||
		    (name && (!call_name(&call) || strcmp(call_name(&call), name) != 0)))
			continue;
		for (i = 0; i < call.fact_count; i++)
			if (call.facts[i].exe)
				names_add(ret, call.facts[i].exe);
	}
	names_settle(ret);
}

static struct grant list_grant(enum grant_kind kind, const struct alternative *list, size_t count)
{
	return (struct grant){kind, list, count};
}

/* What the rule names, or all where it names no arguments. */
static struct grant rule_grant(const struct rule *rule)
{
	return rule->alternative_count
		       ? list_grant(GRANT_SOME, rule->alternatives, rule->alternative_count)
		       : (struct grant){.kind = GRANT_ALL};
}

struct grant side_runs(const struct diff_side *side, const char *name)
{
	const struct rule *rule = policy_find(side->policy, name);
	const struct refused_call *refusal = policy_refusal_find(side->policy, name);

	if (rule && rule->is_refused && !rule->alternative_count)
		return (struct grant){.kind = GRANT_NONE};
	if (lets_through(side->defaults))
		return refusal ? list_grant(GRANT_ALL_BUT, refusal->list, refusal->count)
			       : (struct grant){.kind = GRANT_ALL};
	if (!rule)
		return (struct grant){.kind = GRANT_NONE};
	return rule_grant(rule);
}

struct grant side_allowed(const struct diff_side *side, const char *name)
{
	const struct rule *rule = policy_find(side->policy, name);

	if (!side->defaults->is_logged)
		return side_runs(side, name);
	if (!rule || rule->is_refused)
		return (struct grant){.kind = GRANT_NONE};
	return rule_grant(rule);
}

struct answer side_answer(const struct diff_side *side, const char *name)
{
	const struct rule *rule = policy_find(side->policy, name);

	if (!rule || !rule->is_refused || rule->alternative_count)
		return (struct answer){side->defaults->action, side->defaults->errnum};
	if (rule->action)
		return (struct answer){rule->action, rule->errnum};
	return (struct answer){"SCMP_ACT_ERRNO", ENOSYS};
}

const struct alternative *refusal_same(const struct refused_call *refusal,
				       const struct alternative *arguments)
{
	return bsearch(arguments, refusal->list, refusal->count, sizeof(*refusal->list),
		       alternative_compare);
}

/* The refusal of just these arguments, else the first one that they are within. */
static const struct answer *refusal_answer(const struct refused_call *refusal,
					   const struct alternative *arguments)
{
	const struct alternative *same;
	size_t i;

	if (!refusal)
		return NULL;
	same = refusal_same(refusal, arguments);
	if (same)
		return &refusal->answers[same - refusal->list];
	for (i = 0; i < refusal->count; i++)
		if (alternative_implies(arguments, &refusal->list[i]))
			return &refusal->answers[i];
	return NULL;
}

bool side_arguments_answer(const struct diff_side *side, const char *name,
			   const struct alternative *arguments, struct answer *ret)
{
	const struct refused_call *refusal = policy_refusal_find(side->policy, name);
	const struct answer *found = refusal_answer(refusal, arguments);
	const struct grant runs = side_runs(side, name);
	size_t i;

	if (found) {
		*ret = *found;
		return true;
	}
	for (i = 0; runs.kind == GRANT_SOME && i < runs.count; i++)
		if (!alternatives_exclude(arguments, &runs.list[i]))
			return false;
	*ret = side_answer(side, name);
	return runs.kind == GRANT_NONE || runs.kind == GRANT_SOME;
}
