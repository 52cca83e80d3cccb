/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Finds the differences of two policies. How they are told is diff_print.c's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"

struct policy_defaults policy_defaults_of(const struct emit_options *options)
{
	return (struct policy_defaults){
		.action = refusal_action(options->refusal),
		.errnum = options->refusal == REFUSAL_ERRNO ? refusal_errnum(options) : 0,
		.is_logged = options->refusal == REFUSAL_LOG,
		.flags = FLAG_SPEC_ALLOW,
	};
}

static struct difference *difference_add(struct diff *diff, enum difference_kind kind, bool is_new,
					 bool is_lost, const char *name)
{
	struct difference *added;

	if (diff->count == diff->room) {
		diff->room = diff->room ? diff->room * 2 : 32;
		diff->list = xrealloc(diff->list, diff->room, sizeof(*diff->list));
	}
	added = &diff->list[diff->count++];
	*added = (struct difference){
		.kind = kind, .is_new = is_new, .is_lost = is_lost, .name = name};
	return added;
}

/* ---- beside the rules ------------------------------------------------------------------------ */

/* Nothing that a rule does not name is stopped. */
static bool lets_through(const struct policy_defaults *defaults)
{
	return defaults->is_open || defaults->is_logged;
}

static void defaults_compare(struct diff *diff)
{
	const struct policy_defaults *a = diff->a->defaults, *b = diff->b->defaults;

	if (strcmp(a->action, b->action) != 0 || a->errnum != b->errnum)
		difference_add(diff, DIFF_DEFAULT, lets_through(b) && !lets_through(a),
			       lets_through(a) && !lets_through(b), NULL);
	if (a->flags != b->flags)
		difference_add(diff, DIFF_FLAGS, false, false, NULL);
}

static void archs_list(const struct diff_side *side, struct names *ret)
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

/* What stands in one of the sets only. With `counts` it lets something through. */
static void sets_compare(struct diff *diff, const struct names *a, const struct names *b,
			 enum difference_kind added, enum difference_kind removed, bool counts)
{
	size_t i;

	for (i = 0; i < b->count; i++)
		if (!names_have(a, b->list[i]))
			difference_add(diff, added, counts, false, b->list[i]);
	for (i = 0; i < a->count; i++)
		if (!names_have(b, a->list[i]))
			difference_add(diff, removed, false, counts, a->list[i]);
}

static void archs_compare(struct diff *diff)
{
	_cleanup_names_ struct names a = {}, b = {};

	archs_list(diff->a, &a);
	archs_list(diff->b, &b);
	sets_compare(diff, &a, &b, DIFF_ARCH_ADDED, DIFF_ARCH_REMOVED, true);
}

/* ---- executables ----------------------------------------------------------------------------- */

/* Who called it behind the filter; whoever called anything where name is NULL. */
static void callers_list(const struct diff_side *side, const char *name, struct names *ret)
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

static void executables_compare(struct diff *diff)
{
	_cleanup_names_ struct names a = {}, b = {};

	if (!diff->a->model || !diff->b->model)
		return;
	callers_list(diff->a, NULL, &a);
	callers_list(diff->b, NULL, &b);
	sets_compare(diff, &a, &b, DIFF_EXECUTABLE_ADDED, DIFF_EXECUTABLE_REMOVED, false);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static struct grant list_grant(enum grant_kind kind, const struct alternative *list, size_t count)
{
	return (struct grant){kind, list, count};
}

/* What runs, be it logged. */
static struct grant runs_of(const struct diff_side *side, const char *name)
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
	return rule->alternative_count
		       ? list_grant(GRANT_SOME, rule->alternatives, rule->alternative_count)
		       : (struct grant){.kind = GRANT_ALL};
}

/* What runs because a rule says so, where all else is logged. */
static struct grant allowed_of(const struct diff_side *side, const char *name)
{
	const struct rule *rule = policy_find(side->policy, name);

	if (!side->defaults->is_logged)
		return runs_of(side, name);
	if (!rule || rule->is_refused)
		return (struct grant){.kind = GRANT_NONE};
	return rule->alternative_count
		       ? list_grant(GRANT_SOME, rule->alternatives, rule->alternative_count)
		       : (struct grant){.kind = GRANT_ALL};
}

static void grants_compare(struct diff *diff, const char *name, struct grant before,
			   struct grant after, bool is_wider, bool is_narrower)
{
	enum difference_kind kind = DIFF_CHANGED;
	struct difference *found;

	if (before.kind == GRANT_NONE)
		kind = DIFF_ADDED;
	else if (after.kind == GRANT_NONE)
		kind = DIFF_REMOVED;
	else if (!is_wider)
		kind = DIFF_NARROWED;
	else if (!is_narrower)
		kind = DIFF_WIDENED;
	found = difference_add(diff, kind, is_wider, is_narrower, name);
	found->before = before;
	found->after = after;
	if (kind == DIFF_ADDED)
		found->is_logged = allowed_of(diff->b, name).kind == GRANT_NONE;
	else if (kind == DIFF_REMOVED)
		found->is_logged = allowed_of(diff->a, name).kind == GRANT_NONE;
	callers_list(is_wider ? diff->b : diff->a, name, &found->callers);
}

/* What is allowed is more than what is logged. */
static void allowed_compare(struct diff *diff, const char *name, bool runs_wider,
			    bool runs_narrower)
{
	struct grant before = allowed_of(diff->a, name), after = allowed_of(diff->b, name);
	bool is_wider = !grant_implies(&after, &before);
	bool is_narrower = !grant_implies(&before, &after);

	if ((is_wider && !runs_wider) || (is_narrower && !runs_narrower))
		grants_compare(diff, name, before, after, is_wider, is_narrower);
}

/* One side logs what the other one refuses: that is told of the default, and not of each name. */
static bool defaults_part(const struct policy_defaults *a, const struct policy_defaults *b)
{
	return a->is_logged != b->is_logged && !a->is_open && !b->is_open;
}

/* ---- answers --------------------------------------------------------------------------------- */

/* What a call meets whose arguments no rule of its own is for, where that is refused. */
static struct answer answer_of(const struct diff_side *side, const char *name)
{
	const struct rule *rule = policy_find(side->policy, name);

	if (!rule || !rule->is_refused || rule->alternative_count)
		return (struct answer){side->defaults->action, side->defaults->errnum};
	if (rule->action)
		return (struct answer){rule->action, rule->errnum};
	return (struct answer){"SCMP_ACT_ERRNO", ENOSYS};
}

static bool answers_differ(const struct answer *a, const struct answer *b)
{
	return strcmp(a->action, b->action) != 0 || a->errnum != b->errnum;
}

static void answer_add(struct diff *diff, const char *name, const struct alternative *arguments,
		       const struct answer *before, const struct answer *after)
{
	struct difference *found;

	if (!answers_differ(before, after))
		return;
	found = difference_add(diff, DIFF_ANSWER, false, false, name);
	found->arguments = arguments;
	found->answer_before = *before;
	found->answer_after = *after;
}

static const struct alternative *refusal_same(const struct refused_call *refusal,
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

/* What the side answers these arguments; false where some of them run, which is told elsewhere. */
static bool arguments_answer(const struct diff_side *side, const char *name,
			     const struct alternative *arguments, struct answer *ret)
{
	const struct refused_call *refusal = policy_refusal_find(side->policy, name);
	const struct answer *found = refusal_answer(refusal, arguments);
	const struct grant runs = runs_of(side, name);
	size_t i;

	if (found) {
		*ret = *found;
		return true;
	}
	for (i = 0; runs.kind == GRANT_SOME && i < runs.count; i++)
		if (!alternatives_exclude(arguments, &runs.list[i]))
			return false;
	*ret = answer_of(side, name);
	return runs.kind == GRANT_NONE || runs.kind == GRANT_SOME;
}

static void refusals_compare(struct diff *diff, const char *name)
{
	const struct refused_call *a = policy_refusal_find(diff->a->policy, name);
	const struct refused_call *b = policy_refusal_find(diff->b->policy, name);
	struct answer other;
	size_t i;

	for (i = 0; a && i < a->count; i++)
		if (arguments_answer(diff->b, name, &a->list[i], &other))
			answer_add(diff, name, &a->list[i], &a->answers[i], &other);
	for (i = 0; b && i < b->count; i++)
		if (!(a && refusal_same(a, &b->list[i])) &&
		    arguments_answer(diff->a, name, &b->list[i], &other))
			answer_add(diff, name, &b->list[i], &other, &b->answers[i]);
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void rules_compare(struct diff *diff, const char *name)
{
	bool part = defaults_part(diff->a->defaults, diff->b->defaults);
	struct grant before = part ? allowed_of(diff->a, name) : runs_of(diff->a, name);
	struct grant after = part ? allowed_of(diff->b, name) : runs_of(diff->b, name);
	bool is_wider = !grant_implies(&after, &before);
	bool is_narrower = !grant_implies(&before, &after);
	struct answer answer_before = answer_of(diff->a, name);
	struct answer answer_after = answer_of(diff->b, name);

	if (is_wider || is_narrower)
		grants_compare(diff, name, before, after, is_wider, is_narrower);
	else if (after.kind == GRANT_NONE)
		answer_add(diff, name, NULL, &answer_before, &answer_after);
	if (diff->a->defaults->is_logged && diff->b->defaults->is_logged)
		allowed_compare(diff, name, is_wider, is_narrower);
	refusals_compare(diff, name);
}

static int difference_compare(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	int order = number_compare(x->kind, y->kind);

	if (!order && x->name)
		order = strcmp(x->name, y->name);
	if (!order && x->arguments && y->arguments)
		order = alternative_compare(x->arguments, y->arguments);
	return order ? order : number_compare(!!x->arguments, !!y->arguments);
}

static void policy_names_add(const struct policy *policy, struct names *names)
{
	size_t i;

	for (i = 0; i < policy->rule_count; i++)
		names_add(names, policy->rules[i].name);
	for (i = 0; i < policy->refusal_count; i++)
		names_add(names, policy->refusals[i].name);
}

static void policies_compare(struct diff *diff)
{
	_cleanup_names_ struct names names = {};
	size_t i;

	policy_names_add(diff->a->policy, &names);
	policy_names_add(diff->b->policy, &names);
	names_settle(&names);
	for (i = 0; i < names.count; i++)
		rules_compare(diff, names.list[i]);
}

void diff_make(const struct diff_side *a, const struct diff_side *b, struct diff *ret)
{
	*ret = (struct diff){.a = a, .b = b};
	defaults_compare(ret);
	archs_compare(ret);
	executables_compare(ret);
	policies_compare(ret);
	if (ret->count)
		qsort(ret->list, ret->count, sizeof(*ret->list), difference_compare);
}

bool diff_has_new(const struct diff *diff)
{
	size_t i;

	for (i = 0; i < diff->count; i++)
		if (diff->list[i].is_new)
			return true;
	return false;
}

static void diff_keep(struct diff *diff, bool lost)
{
	size_t used = 0, i;

	for (i = 0; i < diff->count; i++) {
		if (lost ? diff->list[i].is_lost : diff->list[i].is_new)
			diff->list[used++] = diff->list[i];
		else
			names_drop(&diff->list[i].callers);
	}
	diff->count = used;
}

void diff_keep_lost(struct diff *diff)
{
	diff_keep(diff, true);
}

void diff_keep_new(struct diff *diff)
{
	diff_keep(diff, false);
}

void diff_drop(struct diff *diff)
{
	size_t i;

	for (i = 0; i < diff->count; i++)
		names_drop(&diff->list[i].callers);
	free(diff->list);
	*diff = (struct diff){};
}
