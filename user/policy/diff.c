/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Finds the differences of two policies. How they are told is diff_print.c's. */
#include <stdlib.h>
#include <string.h>

#include "diff_side.h"

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

static void defaults_compare(struct diff *diff)
{
	const struct policy_defaults *a = diff->a->defaults, *b = diff->b->defaults;

	if (strcmp(a->action, b->action) != 0 || a->errnum != b->errnum)
		difference_add(diff, DIFF_DEFAULT, lets_through(b) && !lets_through(a),
			       lets_through(a) && !lets_through(b), NULL);
	if (a->flags != b->flags)
		difference_add(diff, DIFF_FLAGS, false, false, NULL);
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

	side_archs(diff->a, &a);
	side_archs(diff->b, &b);
	sets_compare(diff, &a, &b, DIFF_ARCH_ADDED, DIFF_ARCH_REMOVED, true);
}

/* ---- executables ----------------------------------------------------------------------------- */

static void executables_compare(struct diff *diff)
{
	_cleanup_names_ struct names a = {}, b = {};

	if (!diff->a->model || !diff->b->model)
		return;
	side_callers(diff->a, NULL, &a);
	side_callers(diff->b, NULL, &b);
	sets_compare(diff, &a, &b, DIFF_EXECUTABLE_ADDED, DIFF_EXECUTABLE_REMOVED, false);
}

/* ---- calls ----------------------------------------------------------------------------------- */

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
		found->is_logged = side_allowed(diff->b, name).kind == GRANT_NONE;
	else if (kind == DIFF_REMOVED)
		found->is_logged = side_allowed(diff->a, name).kind == GRANT_NONE;
	side_callers(is_wider ? diff->b : diff->a, name, &found->callers);
}

/* What is allowed is more than what is logged. */
static void allowed_compare(struct diff *diff, const char *name, bool runs_wider,
			    bool runs_narrower)
{
	struct grant before = side_allowed(diff->a, name), after = side_allowed(diff->b, name);
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

static void refusals_compare(struct diff *diff, const char *name)
{
	const struct refused_call *a = policy_refusal_find(diff->a->policy, name);
	const struct refused_call *b = policy_refusal_find(diff->b->policy, name);
	struct answer other;
	size_t i;

	for (i = 0; a && i < a->count; i++)
		if (side_arguments_answer(diff->b, name, &a->list[i], &other))
			answer_add(diff, name, &a->list[i], &a->answers[i], &other);
	for (i = 0; b && i < b->count; i++)
		if (!(a && refusal_same(a, &b->list[i])) &&
		    side_arguments_answer(diff->a, name, &b->list[i], &other))
			answer_add(diff, name, &b->list[i], &other, &b->answers[i]);
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void rules_compare(struct diff *diff, const char *name)
{
	bool part = defaults_part(diff->a->defaults, diff->b->defaults);
	struct grant before = part ? side_allowed(diff->a, name) : side_runs(diff->a, name);
	struct grant after = part ? side_allowed(diff->b, name) : side_runs(diff->b, name);
	bool is_wider = !grant_implies(&after, &before);
	bool is_narrower = !grant_implies(&before, &after);
	struct answer answer_before = side_answer(diff->a, name);
	struct answer answer_after = side_answer(diff->b, name);

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
