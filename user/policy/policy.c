/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A set of rules that grows by union. Knows nothing of recordings and tables. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

static int condition_compare(const struct condition *a, const struct condition *b)
{
	int order = number_compare(a->index, b->index);

	if (!order)
		order = number_compare(a->compare, b->compare);
	if (!order)
		order = number_compare(a->mask, b->mask);
	return order ? order : number_compare(a->value, b->value);
}

int alternative_compare(const void *a, const void *b)
{
	const struct alternative *x = a, *y = b;
	unsigned int i;
	int order;

	for (i = 0; i < x->count && i < y->count; i++) {
		order = condition_compare(&x->list[i], &y->list[i]);
		if (order)
			return order;
	}
	return number_compare(x->count, y->count);
}

void alternative_print(const struct alternative *alternative, FILE *out)
{
	static const char *const signs[] = {
		[COMPARE_MASKED] = "==", [COMPARE_NE] = "!=", [COMPARE_LT] = "<",
		[COMPARE_LE] = "<=",     [COMPARE_GE] = ">=", [COMPARE_GT] = ">",
	};
	const struct condition *condition;
	unsigned int i;

	for (i = 0; i < alternative->count; i++) {
		condition = &alternative->list[i];
		fputs(i ? " && " : "", out);
		if (condition->mask == UINT32_MAX || condition->mask == UINT64_MAX)
			fprintf(out, "arg%u %s %" PRIu64, condition->index,
				signs[condition->compare], condition->value);
		else
			fprintf(out, "(arg%u & 0x%" PRIx64 ") == 0x%" PRIx64, condition->index,
				condition->mask, condition->value);
	}
}

static int rule_compare(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (!order)
		order = number_compare(x->reason, y->reason);
	if (!order)
		order = strcmp(x->action ? x->action : "", y->action ? y->action : "");
	if (!order)
		order = number_compare(x->errnum, y->errnum);
	return order ? order : strcmp(x->because ? x->because : "", y->because ? y->because : "");
}

void policy_add(struct policy *policy, const struct rule *rule)
{
	struct rule *added;

	if (policy->rule_count == policy->rule_room) {
		policy->rule_room = policy->rule_room ? policy->rule_room * 2 : 64;
		policy->rules = xrealloc(policy->rules, policy->rule_room, sizeof(*policy->rules));
	}
	added = &policy->rules[policy->rule_count++];
	*added = *rule;
	added->alternatives = NULL;
	if (!rule->alternative_count)
		return;
	added->alternatives = xcalloc(rule->alternative_count, sizeof(*rule->alternatives));
	memcpy(added->alternatives, rule->alternatives,
	       rule->alternative_count * sizeof(*rule->alternatives));
}

/* An alternative and its place among the others. */
struct placed {
	const struct alternative *alternative;
	size_t place;
};

static int placed_compare(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	int order = alternative_compare(x->alternative, y->alternative);

	return order ? order : number_compare(x->place, y->place);
}

void policy_refusal_add(struct policy *policy, const char *name, const struct alternative *list,
			const struct answer *answers, size_t count)
{
	_cleanup_free_ struct placed *sorted = xcalloc(count, sizeof(*sorted));
	struct refused_call added = {
		.name = policy_text_keep(policy, name),
		.list = xcalloc(count, sizeof(*added.list)),
		.answers = xcalloc(count, sizeof(*added.answers)),
	};
	size_t i;

	for (i = 0; i < count; i++)
		sorted[i] = (struct placed){&list[i], i};
	qsort(sorted, count, sizeof(*sorted), placed_compare);
	for (i = 0; i < count; i++) {
		if (i && !alternative_compare(sorted[i - 1].alternative, sorted[i].alternative))
			continue;
		added.list[added.count] = *sorted[i].alternative;
		added.answers[added.count++] = answers[sorted[i].place];
	}
	policy->refusals =
		xrealloc(policy->refusals, policy->refusal_count + 1, sizeof(*policy->refusals));
	policy->refusals[policy->refusal_count++] = added;
}

const char *policy_text_keep(struct policy *policy, const char *text)
{
	policy->texts = xrealloc(policy->texts, policy->text_count + 1, sizeof(*policy->texts));
	policy->texts[policy->text_count] = xstrdup(text);
	return policy->texts[policy->text_count++];
}

void policy_cut(struct policy *policy, const char *name, const char *why, bool was_called)
{
	size_t i;

	for (i = 0; i < policy->cut_count; i++) {
		if (!strcmp(policy->cuts[i].name, name)) {
			policy->cuts[i].why = why;
			policy->cuts[i].was_called |= was_called;
			return;
		}
	}
	if (policy->cut_count == policy->cut_room) {
		policy->cut_room = policy->cut_room ? policy->cut_room * 2 : 16;
		policy->cuts = xrealloc(policy->cuts, policy->cut_room, sizeof(*policy->cuts));
	}
	policy->cuts[policy->cut_count++] = (struct cut){name, why, was_called};
}

const struct cut *policy_cut_find(const struct policy *policy, const char *name)
{
	size_t i;

	for (i = 0; i < policy->cut_count; i++)
		if (!strcmp(policy->cuts[i].name, name))
			return &policy->cuts[i];
	return NULL;
}

static void rule_drop_alternatives(struct rule *rule)
{
	free(rule->alternatives);
	rule->alternatives = NULL;
	rule->alternative_count = 0;
}

/* Two rules of one name: what either allows. What is refused gives way to what is allowed. */
static void rule_join(struct rule *into, struct rule *from)
{
	size_t count = into->alternative_count + from->alternative_count;

	if (from->is_refused) {
		rule_drop_alternatives(from);
		return;
	}
	if (into->is_refused) {
		rule_drop_alternatives(into);
		from->reason = into->reason;
		from->because = into->because;
		*into = *from;
		return;
	}
	if (!into->alternative_count || !from->alternative_count) {
		rule_drop_alternatives(into);
		rule_drop_alternatives(from);
		return;
	}
	into->alternatives = xrealloc(into->alternatives, count, sizeof(*into->alternatives));
	memcpy(into->alternatives + into->alternative_count, from->alternatives,
	       from->alternative_count * sizeof(*from->alternatives));
	into->alternative_count = count;
	rule_drop_alternatives(from);
}

static void rule_settle(struct rule *rule, const struct emit_options *options)
{
	size_t used = 0, i;

	if (!rule->alternative_count)
		return;
	qsort(rule->alternatives, rule->alternative_count, sizeof(*rule->alternatives),
	      alternative_compare);
	for (i = 0; i < rule->alternative_count; i++)
		if (!used ||
		    alternative_compare(&rule->alternatives[used - 1], &rule->alternatives[i]) != 0)
			rule->alternatives[used++] = rule->alternatives[i];
	rule->alternative_count = used;
	/* The shortest comes first: one without conditions always holds. */
	if (!rule->alternatives[0].count) {
		rule_drop_alternatives(rule);
		return;
	}
	if (used <= ALTERNATIVES_MAX || !options)
		return;
	if (options->warn)
		options->warn(options->warn_ctx,
			      "%s is allowed whatever its arguments are: %zu kinds of them are too "
			      "many to list",
			      rule->name, used);
	rule_drop_alternatives(rule);
}

static int cut_compare(const void *a, const void *b)
{
	const struct cut *x = a, *y = b;

	return strcmp(x->name, y->name);
}

void policy_settle(struct policy *policy, const struct emit_options *options)
{
	size_t used = 0, i;

	if (policy->rule_count)
		qsort(policy->rules, policy->rule_count, sizeof(*policy->rules), rule_compare);
	for (i = 0; i < policy->rule_count; i++) {
		if (used && !strcmp(policy->rules[used - 1].name, policy->rules[i].name))
			rule_join(&policy->rules[used - 1], &policy->rules[i]);
		else
			policy->rules[used++] = policy->rules[i];
	}
	policy->rule_count = used;
	for (i = 0; i < used; i++)
		rule_settle(&policy->rules[i], options);
	if (policy->cut_count)
		qsort(policy->cuts, policy->cut_count, sizeof(*policy->cuts), cut_compare);
}

static int rule_find(const void *name, const void *rule)
{
	return strcmp(name, ((const struct rule *)rule)->name);
}

const struct rule *policy_find(const struct policy *policy, const char *name)
{
	if (!policy->rule_count)
		return NULL;
	return bsearch(name, policy->rules, policy->rule_count, sizeof(*policy->rules), rule_find);
}

static int refusal_find(const void *name, const void *refusal)
{
	return strcmp(name, ((const struct refused_call *)refusal)->name);
}

const struct refused_call *policy_refusal_find(const struct policy *policy, const char *name)
{
	if (!policy->refusal_count)
		return NULL;
	return bsearch(name, policy->refusals, policy->refusal_count, sizeof(*policy->refusals),
		       refusal_find);
}

bool policy_abis_have(const struct policy *policy, const char *name)
{
	enum abi abi;
	uint32_t nr;

	for (abi = 0; abi < ABI_COUNT; abi++)
		if (policy->abis[abi] && syscall_number(abi, name, &nr))
			return true;
	return false;
}

bool policy_allows(const struct policy *policy, const char *name)
{
	const struct rule *rule = policy_find(policy, name);

	return rule && !rule->is_refused;
}

void policy_names(const struct policy *policy, enum reason reason, struct names *ret)
{
	size_t i;

	*ret = (struct names){};
	for (i = 0; i < policy->rule_count; i++)
		if (policy->rules[i].reason == reason && !policy->rules[i].is_refused)
			names_add(ret, policy->rules[i].name);
	names_settle(ret);
}

void policy_drop(struct policy *policy)
{
	size_t i;

	for (i = 0; i < policy->rule_count; i++)
		free(policy->rules[i].alternatives);
	for (i = 0; i < policy->refusal_count; i++) {
		free(policy->refusals[i].list);
		free(policy->refusals[i].answers);
	}
	for (i = 0; i < policy->text_count; i++)
		free(policy->texts[i]);
	free(policy->workload);
	free(policy->rules);
	free(policy->refusals);
	free(policy->cuts);
	free(policy->texts);
	*policy = (struct policy){};
}
