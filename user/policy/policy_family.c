/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From the rows of equivalent.inc to rules. One step only: what came in for another call asks for
 * nothing itself. Nor do a container runtime's calls, whose versions the floor knows.
 */
#include <stdlib.h>
#include <string.h>

#include "policy_args.h"
#include "policy_family.h"

enum families policy_families(const struct emit_options *options)
{
	enum abi abi;

	if (options->exact || options->observed)
		return FAMILIES_NONE;
	if (options->families != FAMILIES_AUTO)
		return options->families;
	for (abi = 0; abi < ABI_COUNT; abi++)
		if (options->archs[abi])
			return FAMILIES_FULL;
	return FAMILIES_LIBC;
}

static bool rule_asks(const struct rule *rule)
{
	return rule->reason == REASON_OBSERVED || rule->reason == REASON_DENIED ||
	       rule->reason == REASON_ALWAYS;
}

/* TIER_INFO is no more than a remark. */
static bool tier_is_within(const char *name, const char *asks)
{
	enum tier least = tier_of(asks) > TIER_INFO ? tier_of(asks) : TIER_INFO;

	return tier_of(name) <= least;
}

/* The n-th mask of the one is the n-th mask of the other: fcntl and fcntl64, tgkill and tkill. */
static bool arguments_carry(const struct args_row *from, const struct args_row *to,
			    unsigned int ret_index[CALL_ARGS])
{
	unsigned int i, k = 0;

	if (from->form != to->form)
		return false;
	for (i = 0; i < CALL_ARGS; i++) {
		if (!from->masks[i])
			continue;
		while (k < CALL_ARGS && !to->masks[k])
			k++;
		if (k == CALL_ARGS || from->masks[i] != to->masks[k])
			return false;
		ret_index[i] = k++;
	}
	while (k < CALL_ARGS && !to->masks[k])
		k++;
	return k == CALL_ARGS;
}

/* The arguments of `asks` for `rule`, whose alternatives have room for them; false where they are not
 * the same ones. */
static bool alternatives_carry(const struct rule *asks, struct rule *rule)
{
	const struct args_row *from = args_row(asks->name), *to = args_row(rule->name);
	unsigned int index[CALL_ARGS];
	size_t i, k;

	if (!from || !to || from->form == ARG_POINTER || !arguments_carry(from, to, index))
		return false;
	for (i = 0; i < asks->alternative_count; i++) {
		rule->alternatives[i] = asks->alternatives[i];
		for (k = 0; k < rule->alternatives[i].count; k++)
			rule->alternatives[i].list[k].index =
				index[asks->alternatives[i].list[k].index];
	}
	rule->alternative_count = asks->alternative_count;
	return true;
}

static bool row_counts(const struct policy *policy, const struct emit_options *options,
		       const struct equivalent_row *row)
{
	enum families level = policy_families(options);

	if (row->level == FAMILIES_NONE || row->level > level || policy_cut_find(policy, row->name))
		return false;
	return (level == FAMILIES_FULL && !policy->is_translated) ||
	       policy_abis_have(policy, row->name);
}

/* The same call with arguments that nobody looks at, where it has nothing to do with safety. */
static bool is_any(const struct rule *asks, const struct equivalent_row *row)
{
	const struct args_row *args = args_row(row->name);

	return row->asks && !args_row(asks->name) && args && args->level > ARGS_SAFE &&
	       args->form == ARG_VALUES;
}

/*
 * One of the group of `asks`. What is there for some arguments only is allowed for these as well: a
 * profile of more recordings allows no less.
 */
static void member_add(const struct policy *policy, const struct emit_options *options,
		       const struct rule *asks, const struct equivalent_row *row,
		       struct policy *added)
{
	const struct rule *there = policy_find(policy, row->name);
	const struct args_row *args = args_row(row->name);
	struct rule rule = {.name = row->name, .reason = REASON_FAMILY, .because = asks->name};

	if (there && (there->is_refused || !there->alternative_count))
		return;
	rule.is_refused = args && args->form == ARG_POINTER;
	if (!rule.is_refused && !tier_is_within(row->name, asks->name))
		return;
	rule.alternatives =
		xcalloc(asks->alternative_count + 64 * CALL_ARGS, sizeof(*rule.alternatives));
	if (!(row->asks && alternatives_carry(asks, &rule)) && !is_any(asks, row))
		rule.alternative_count =
			policy_harmless(policy, options, row->name, rule.alternatives);
	policy_add(added, &rule);
	free(rule.alternatives);
}

static void group_add(const struct policy *policy, const struct emit_options *options,
		      const struct rule *asks, const struct equivalent_row *own,
		      struct policy *added)
{
	const struct equivalent_row *row;

	for (row = equivalent_rows; row < equivalent_rows + equivalent_count; row++)
		if (row != own && !strcmp(row->group, own->group) &&
		    row_counts(policy, options, row))
			member_add(policy, options, asks, row, added);
}

void policy_add_families(struct policy *policy, const struct emit_options *options)
{
	_cleanup_policy_ struct policy added = {};
	size_t i, k;

	if (policy_families(options) == FAMILIES_NONE)
		return;
	for (i = 0; i < policy->rule_count; i++)
		for (k = 0; k < equivalent_count; k++)
			if (equivalent_rows[k].asks && rule_asks(&policy->rules[i]) &&
			    !strcmp(equivalent_rows[k].name, policy->rules[i].name))
				group_add(policy, options, &policy->rules[i], &equivalent_rows[k],
					  &added);
	for (i = 0; i < added.rule_count; i++)
		policy_add(policy, &added.rules[i]);
	policy_settle(policy, options);
}
