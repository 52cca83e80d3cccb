/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The union of policies, where there is one. How rules that allow join is policy.c's. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "model/text.h"
#include "policy_merge.h"

/* What is written must be read again, by anybody: only what looks like a call is passed on. */
static int name_check(const char *name, struct err *err)
{
	_cleanup_free_ char *shown = NULL;
	const char *at;

	for (at = name; isalnum((unsigned char)*at) || *at == '_';)
		at++;
	if (at > name && !*at)
		return 0;
	shown = text_printable(name);
	return err_set(err, -EINVAL, "\"%.60s\" is no system call's name", shown);
}

static int defaults_check(const struct policy_defaults *a, const struct policy_defaults *b,
			  struct err *err)
{
	_cleanup_free_ char *x = answer_text(a->action, a->errnum);
	_cleanup_free_ char *y = answer_text(b->action, b->errnum);

	if (strcmp(x, y) != 0)
		return err_set(err, -EINVAL,
			       "what it does not name meets %s, and %s in the ones before it: one "
			       "profile cannot say both",
			       y, x);
	if (a->flags != b->flags)
		return err_set(err, -EINVAL, "its flags are not those of the ones before it");
	return 0;
}

static int names_check(const struct policy *policy, struct err *err)
{
	size_t i;
	int r = 0;

	for (i = 0; i < policy->rule_count && !r; i++)
		r = name_check(policy->rules[i].name, err);
	for (i = 0; i < policy->refusal_count && !r; i++)
		r = name_check(policy->refusals[i].name, err);
	return r;
}

static bool refuses_all(const struct policy *policy, const char *name)
{
	const struct rule *rule = policy_find(policy, name);

	return rule && rule->is_refused && !rule->alternative_count;
}

/* What is refused whatever its arguments are gives way to what another one refuses of it, and where a
 * default of its own lets the call run, to that. */
static void rules_take(struct policy *into, const struct policy *policy, const struct policy *other,
		       bool is_logged)
{
	struct rule rule;
	size_t i;

	for (i = 0; i < policy->rule_count; i++) {
		rule = policy->rules[i];
		if (rule.is_refused && (policy_refusal_find(other, rule.name) ||
					(is_logged && !refuses_all(other, rule.name))))
			continue;
		rule.name = policy_text_keep(into, rule.name);
		policy_add(into, &rule);
	}
}

/* Arguments that are refused, and how. */
struct refused {
	const struct alternative *arguments;
	struct answer answer;
};

static int refused_compare(const void *a, const void *b)
{
	const struct answer *x = &((const struct refused *)a)->answer;
	const struct answer *y = &((const struct refused *)b)->answer;
	int order = strcmp(x->action, y->action);

	return order ? order : number_compare(x->errnum, y->errnum);
}

static bool is_allowed(const struct policy *policy, const char *name,
		       const struct alternative *arguments)
{
	const struct rule *rule = policy_find(policy, name);
	size_t i;

	if (!rule)
		return false;
	for (i = 0; i < rule->alternative_count; i++)
		if (!alternatives_exclude(arguments, &rule->alternatives[i]))
			return true;
	return !rule->alternative_count;
}

/* All of it is refused there, too. */
static bool refuses(const struct policy *policy, const char *name,
		    const struct alternative *arguments)
{
	const struct refused_call *refusal = policy_refusal_find(policy, name);
	size_t i;

	for (i = 0; refusal && i < refusal->count; i++)
		if (alternative_implies(arguments, &refusal->list[i]))
			return true;
	return refuses_all(policy, name);
}

/* Where the default lets calls run, the union refuses what both do. Of two that overlap, and neither
 * of which the other side refuses as a whole, that cannot be said. */
static bool can_meet(const char *name, const struct policy *a, const struct policy *b)
{
	const struct refused_call *x = policy_refusal_find(a, name);
	const struct refused_call *y = policy_refusal_find(b, name);
	size_t i, k;

	for (i = 0; x && y && i < x->count; i++)
		for (k = 0; k < y->count && !refuses(b, name, &x->list[i]); k++)
			if (!alternatives_exclude(&x->list[i], &y->list[k]) &&
			    !refuses(a, name, &y->list[k]))
				return false;
	return true;
}

/* Adds to `ret` what stays refused of it. */
static size_t refused_take(const struct policy *into, const char *name, const struct policy *policy,
			   const struct policy *other, bool is_logged, struct refused *ret)
{
	const struct refused_call *refusal = policy_refusal_find(policy, name);
	size_t count = 0, i;

	for (i = 0; refusal && i < refusal->count; i++)
		if (!is_allowed(into, name, &refusal->list[i]) &&
		    (!is_logged || refuses(other, name, &refusal->list[i])))
			ret[count++] = (struct refused){&refusal->list[i], refusal->answers[i]};
	return count;
}

static size_t refusal_size(const struct policy *policy, const char *name)
{
	const struct refused_call *refusal = policy_refusal_find(policy, name);

	return refusal ? refusal->count : 0;
}

/* Of the same arguments one answer is kept, whatever the order. */
static void refusal_join(struct policy *into, const char *name, const struct policy *a,
			 const struct policy *b, bool is_logged)
{
	size_t room = refusal_size(a, name) + refusal_size(b, name), count, i;
	_cleanup_free_ struct refused *list = xcalloc(room, sizeof(*list));
	_cleanup_free_ struct alternative *arguments = xcalloc(room, sizeof(*arguments));
	_cleanup_free_ struct answer *answers = xcalloc(room, sizeof(*answers));

	count = refused_take(into, name, a, b, is_logged, list);
	count += refused_take(into, name, b, a, is_logged, list + count);
	if (!count)
		return;
	qsort(list, count, sizeof(*list), refused_compare);
	for (i = 0; i < count; i++) {
		arguments[i] = *list[i].arguments;
		answers[i] = list[i].answer;
	}
	policy_refusal_add(into, name, arguments, answers, count);
}

static int refusals_join(struct policy *into, const struct policy *a, const struct policy *b,
			 bool is_logged, struct err *err)
{
	_cleanup_names_ struct names names = {};
	size_t i;

	for (i = 0; i < a->refusal_count; i++)
		names_add(&names, a->refusals[i].name);
	for (i = 0; i < b->refusal_count; i++)
		names_add(&names, b->refusals[i].name);
	names_settle(&names);
	for (i = 0; i < names.count; i++) {
		if (is_logged && !can_meet(names.list[i], a, b))
			return err_set(
				err, -EINVAL,
				"%s is refused with some arguments, and with others that "
				"overlap them in the ones before it: no profile can say what "
				"both refuse",
				names.list[i]);
		refusal_join(into, names.list[i], a, b, is_logged);
	}
	return 0;
}

int policy_take_in(struct policy *into, struct policy_defaults *into_defaults,
		   const struct policy *policy, const struct policy_defaults *defaults,
		   struct err *err)
{
	/* The first one is joined with itself. */
	const struct policy *before = into_defaults->action ? into : policy;
	struct policy joined = {.runtime = RUNTIME_NONE};
	int abi, r = 0;

	if (defaults->is_open)
		return err_set(
			err, -EINVAL,
			"it is a list of what is denied (defaultAction SCMP_ACT_ALLOW): only "
			"lists of what is allowed can be merged");
	if (defaults->arch_count)
		return err_set(err, -EINVAL, "%s cannot be written here", defaults->archs[0]);
	if (into_defaults->action)
		r = defaults_check(into_defaults, defaults, err);
	if (!r)
		r = names_check(policy, err);
	if (r)
		return r;
	for (abi = 0; abi < ABI_COUNT; abi++)
		joined.abis[abi] = before->abis[abi] | policy->abis[abi];
	rules_take(&joined, before, policy, defaults->is_logged);
	rules_take(&joined, policy, before, defaults->is_logged);
	policy_settle(&joined, NULL);
	r = refusals_join(&joined, before, policy, defaults->is_logged, err);
	if (r) {
		policy_drop(&joined);
		return r;
	}
	policy_drop(into);
	*into = joined;
	*into_defaults = *defaults;
	return 0;
}

int policy_defaults_options(const struct policy_defaults *defaults, struct emit_options *ret,
			    struct err *err)
{
	int refusal;

	for (refusal = 0; refusal <= REFUSAL_LOG; refusal++)
		if (!strcmp(refusal_action(refusal), defaults->action))
			break;
	if (refusal > REFUSAL_LOG)
		return err_set(err, -EINVAL, "defaultAction %s cannot be written here",
			       defaults->action);
	if (refusal == REFUSAL_ERRNO && !defaults->errnum)
		return err_set(err, -EINVAL, "defaultErrnoRet 0 cannot be written here");
	if (defaults->flags != FLAG_SPEC_ALLOW)
		return err_set(err, -EINVAL, "flags cannot be written here");
	*ret = (struct emit_options){.refusal = refusal, .errnum = defaults->errnum};
	return 0;
}
