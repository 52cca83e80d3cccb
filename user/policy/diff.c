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
	return defaults->is_open || !strcmp(defaults->action, "SCMP_ACT_LOG");
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

static struct grant grant_of(const struct diff_side *side, const struct rule *rule)
{
	struct grant grant = {.kind = GRANT_ALL};

	if (!rule) {
		grant.kind = side->defaults->is_open ? GRANT_ALL : GRANT_NONE;
		return grant;
	}
	if (rule->alternative_count) {
		grant.kind = rule->is_refused ? GRANT_ALL_BUT : GRANT_SOME;
		grant.list = rule->alternatives;
		grant.count = rule->alternative_count;
	} else if (rule->is_refused) {
		grant.kind = GRANT_NONE;
	}
	return grant;
}

const char *diff_answer(const struct diff_side *side, const char *name, uint32_t *ret_errnum)
{
	const struct rule *rule = policy_find(side->policy, name);

	if (rule && rule->action) {
		*ret_errnum = rule->errnum;
		return rule->action;
	}
	*ret_errnum = rule ? ENOSYS : side->defaults->errnum;
	return rule ? "SCMP_ACT_ERRNO" : side->defaults->action;
}

static bool answers_differ(const struct diff *diff, const char *name)
{
	uint32_t errnum_a, errnum_b;
	const char *a = diff_answer(diff->a, name, &errnum_a);
	const char *b = diff_answer(diff->b, name, &errnum_b);

	return strcmp(a, b) != 0 || errnum_a != errnum_b;
}

static void rules_compare(struct diff *diff, const struct rule *a, const struct rule *b)
{
	struct grant before = grant_of(diff->a, a), after = grant_of(diff->b, b);
	bool is_wider = !grant_implies(&after, &before);
	bool is_narrower = !grant_implies(&before, &after);
	enum difference_kind kind = DIFF_CHANGED;
	const char *name = a ? a->name : b->name;
	struct difference *found;

	if (!is_wider && !is_narrower) {
		if (after.kind != GRANT_NONE || !answers_differ(diff, name))
			return;
		kind = DIFF_ANSWER;
	} else if (before.kind == GRANT_NONE) {
		kind = DIFF_ADDED;
	} else if (after.kind == GRANT_NONE) {
		kind = DIFF_REMOVED;
	} else if (!is_wider) {
		kind = DIFF_NARROWED;
	} else if (!is_narrower) {
		kind = DIFF_WIDENED;
	}
	found = difference_add(diff, kind, is_wider, is_narrower, name);
	found->before = before;
	found->after = after;
	if (kind != DIFF_ANSWER)
		callers_list(is_wider ? diff->b : diff->a, name, &found->callers);
}

static int difference_compare(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;
	int order = number_compare(x->kind, y->kind);

	return order || !x->name ? order : strcmp(x->name, y->name);
}

/* Both stand by name. */
static void policies_compare(struct diff *diff)
{
	const struct policy *a = diff->a->policy, *b = diff->b->policy;
	size_t i = 0, k = 0;
	int order;

	while (i < a->rule_count || k < b->rule_count) {
		if (i == a->rule_count)
			order = 1;
		else if (k == b->rule_count)
			order = -1;
		else
			order = strcmp(a->rules[i].name, b->rules[k].name);
		rules_compare(diff, order <= 0 ? &a->rules[i] : NULL,
			      order >= 0 ? &b->rules[k] : NULL);
		i += order <= 0;
		k += order >= 0;
	}
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
