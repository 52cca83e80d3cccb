/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From argument facts to conditions, by the forms of args.inc. A call is only narrowed where every
 * fact of it has its arguments: what was not looked at may have been anything.
 */
#include <stdlib.h>
#include <string.h>

#include "policy_args.h"

/* sys/socket.h; and the type of sockets for which the protocol says how much they reach. */
#define FAMILY_NETLINK 16
#define FAMILY_PACKET  17
#define TYPE_RAW       3

/* The arguments facts of one call. */
struct range {
	const struct fact *list;
	size_t count;
};

static int fact_is_of(const struct fact *fact, const struct call *call)
{
	int order = strcmp(fact->workload, call->workload);

	if (!order)
		order = number_compare(fact->arguments.abi, call->abi);
	return order ? order : number_compare(fact->arguments.nr, call->nr);
}

static struct range range_find(const struct model *model, const struct call *call)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_ARGUMENTS, &facts), low = 0, high = count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fact_is_of(&facts[middle], call) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < count && !fact_is_of(&facts[end], call);)
		end++;
	return (struct range){facts + low, end - low};
}

/* Who made a call: the model keeps each text once, so that the pointers tell them apart. */
static int caller_compare(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a, *y = *(const struct fact *const *)b;
	int order = number_compare((uintptr_t)x->exe, (uintptr_t)y->exe);

	if (!order)
		order = number_compare((uintptr_t)x->run, (uintptr_t)y->run);
	return order ? order : number_compare(x->phase, y->phase);
}

/* For how many calls of this caller there are arguments; `callers` is sorted. */
static uint64_t calls_covered(const struct fact *const *callers, size_t count,
			      const struct fact *caller)
{
	size_t low = 0, high = count;
	uint64_t sum = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (caller_compare(&callers[middle], &caller) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && !caller_compare(&callers[low], &caller); low++)
		sum = add_saturating(sum, callers[low]->arguments.count);
	return sum;
}

static bool arguments_were_lost(const struct model *model)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_INCOMPLETE, &facts), i;

	for (i = 0; i < count; i++)
		if (!strcmp(facts[i].incomplete.what, "arguments"))
			return true;
	return false;
}

/* Are there arguments for every fact of the call, and where some were lost, for all it counts? */
static bool range_covers(const struct range *range, const struct model *model,
			 const struct call *call)
{
	_cleanup_free_ const struct fact **callers = xcalloc(range->count, sizeof(*callers));
	bool were_lost = arguments_were_lost(model);
	uint64_t covered;
	size_t i;

	for (i = 0; i < range->count; i++)
		callers[i] = &range->list[i];
	if (range->count)
		qsort(callers, range->count, sizeof(*callers), caller_compare);
	for (i = 0; i < call->fact_count; i++) {
		covered = calls_covered(callers, range->count, &call->facts[i]);
		if (!covered || (were_lost && covered < call->facts[i].syscall.count))
			return false;
	}
	return true;
}

/* The tuple as conditions; false where it holds less than the row asks for. */
static bool values_take(const struct args_row *row, uint32_t known, const uint64_t *values,
			struct alternative *ret)
{
	unsigned int i;

	*ret = (struct alternative){};
	for (i = 0; i < CALL_ARGS; i++) {
		if (!row->masks[i])
			continue;
		if (!(known & 1u << i))
			return false;
		if (row->form == ARG_SOCKET && i == 2 && values[0] != FAMILY_NETLINK &&
		    values[0] != FAMILY_PACKET && (values[1] & row->masks[1]) != TYPE_RAW)
			continue;
		ret->list[ret->count++] = (struct condition){
			.index = i, .mask = row->masks[i], .value = values[i] & row->masks[i]};
	}
	return ret->count > 0;
}

/* One alternative for each bit of the masks: it is not set. */
static size_t never_both_take(const struct args_row *row, struct alternative *ret)
{
	size_t count = 0;
	unsigned int i, bit;

	for (i = 0; i < CALL_ARGS; i++)
		for (bit = 0; bit < 64; bit++)
			if (row->masks[i] >> bit & 1)
				ret[count++] = (struct alternative){
					.list = {{.index = i, .mask = UINT64_C(1) << bit}},
					.count = 1};
	return count;
}

static bool has_both(const struct args_row *row, const struct fact *fact)
{
	unsigned int i;

	for (i = 0; i < CALL_ARGS; i++)
		if (row->masks[i] && (fact->arguments.values[i] & row->masks[i]) == row->masks[i])
			return true;
	return false;
}

static void warn_of(const struct emit_options *options, const char *name, const char *why)
{
	if (options->warn)
		options->warn(options->warn_ctx, "%s is allowed whatever its arguments are: %s",
			      name, why);
}

/* rule->alternatives has room for one of each fact, and for each bit of the masks. False where the
 * arguments cannot be told. */
static bool alternatives_fill(const struct range *range, const struct args_row *row,
			      const struct emit_options *options, unsigned int phases,
			      struct rule *rule)
{
	const struct fact *fact;
	size_t i, k;
	uint32_t wanted = 0;

	for (k = 0; k < CALL_ARGS; k++)
		wanted |= (uint32_t) !!row->masks[k] << k;
	for (i = 0; i < range->count; i++) {
		fact = &range->list[i];
		if (!(PHASE_BIT(fact->phase) & phases))
			continue;
		if (!fact->arguments.known) {
			warn_of(options, rule->name, "there were more than could be kept");
			return false;
		}
		if ((fact->arguments.known & wanted) != wanted)
			return false;
		if (row->form == ARG_NEVER_BOTH && has_both(row, fact))
			return false;
		if (row->form == ARG_NEVER_BOTH)
			continue;
		if (values_take(row, fact->arguments.known, fact->arguments.values,
				&rule->alternatives[rule->alternative_count]))
			rule->alternative_count++;
	}
	if (row->form == ARG_NEVER_BOTH)
		rule->alternative_count = never_both_take(row, rule->alternatives);
	return true;
}

/* The rows for a name and a runtime; `ret` has room for 64 * CALL_ARGS. */
static size_t more_take(const struct args_row *row, enum runtime runtime, bool no_new_privs,
			struct alternative *ret)
{
	size_t count = 0, i;

	for (i = 0; i < args_more_count && count < 64; i++) {
		const struct args_more_row *more = &args_more_rows[i];

		if (strcmp(more->name, row->name) != 0 ||
		    (no_new_privs && !more->with_no_new_privs) ||
		    (more->runtime != runtime &&
		     (runtime != RUNTIME_ANY || more->runtime == RUNTIME_NONE)))
			continue;
		if (row->form == ARG_NEVER_BOTH)
			return never_both_take(row, ret);
		count += values_take(row, UINT32_MAX, more->values, &ret[count]);
	}
	return count;
}

size_t policy_harmless(const struct policy *policy, const struct emit_options *options,
		       const char *name, struct alternative *ret)
{
	const struct args_row *row = args_row(name);

	if (!row)
		return 0;
	if (row->form != ARG_NEVER_BOTH)
		return more_take(row, RUNTIME_NONE, false, ret);
	return row->level <= policy->args && !options->no_args ? never_both_take(row, ret) : 0;
}

/*
 * clone3 with nothing that clone could not do in its place is refused, so that clone is called. Where
 * it is allowed, clone comes in for those calls all the same: whatever is added to a recording, its
 * profile allows no less.
 */
static void clone3_add(struct policy *policy, const struct range *range,
		       const struct emit_options *options, unsigned int phases, bool is_covered,
		       struct rule *rule)
{
	struct alternative plain[64 * CALL_ARGS];
	struct rule stand_in = {.name = "clone",
				.reason = REASON_FAMILY,
				.because = rule->name,
				.alternatives = plain};
	const char *why = NULL;
	bool is_plain = false;
	size_t i;

	for (i = 0; i < range->count; i++) {
		if (!(PHASE_BIT(range->list[i].phase) & phases))
			continue;
		if (!range->list[i].arguments.known)
			why = "its flags could not be read";
		else if (range->list[i].arguments.values[0])
			why = "namespaces were asked for, and no filter sees its flags";
		else
			is_plain = true;
	}
	if (why && is_covered)
		warn_of(options, rule->name, why);
	rule->is_refused = !why && is_covered;
	policy_add(policy, rule);
	if (!is_plain)
		return;
	stand_in.alternative_count = policy_harmless(policy, options, stand_in.name, plain);
	policy_add(policy, &stand_in);
}

void policy_add_call(struct policy *policy, const struct model *model,
		     const struct emit_options *options, const struct call *call,
		     unsigned int phases, enum reason reason)
{
	const struct args_row *row = call->sub ? NULL : args_row_of(call->abi, call->nr);
	struct rule rule = {.name = call_name(call), .reason = reason};
	struct range range;
	bool is_covered;

	if (!row || options->exact || options->no_args) {
		policy_add(policy, &rule);
		return;
	}
	range = range_find(model, call);
	is_covered = range_covers(&range, model, call);
	if (row->form == ARG_POINTER) {
		clone3_add(policy, &range, options, phases, is_covered, &rule);
		return;
	}
	if (!is_covered) {
		policy_add(policy, &rule);
		return;
	}
	rule.alternatives = xcalloc(range.count + 64 * CALL_ARGS, sizeof(*rule.alternatives));
	if (!alternatives_fill(&range, row, options, phases, &rule))
		rule.alternative_count = 0;
	policy_add(policy, &rule);
	free(rule.alternatives);
}

void policy_add_floor(struct policy *policy, const struct emit_options *options, const char *name)
{
	const struct args_row *row = options->no_args ? NULL : args_row(name);
	struct alternative alternatives[64 * CALL_ARGS];
	struct rule rule = {.name = name, .reason = REASON_FLOOR, .alternatives = alternatives};

	if (row && row->level <= policy->args && row->form != ARG_POINTER)
		rule.alternative_count =
			more_take(row, policy->runtime, options->no_new_privs, alternatives);
	policy_add(policy, &rule);
}

void policy_add_probes(struct policy *policy)
{
	struct alternative alternatives[64 * CALL_ARGS];
	size_t i, count = policy->rule_count;

	for (i = 0; i < count; i++) {
		struct rule rule = policy->rules[i];
		const struct args_row *row = args_row(rule.name);

		if (!row || !rule.alternative_count)
			continue;
		rule.alternatives = alternatives;
		rule.alternative_count = more_take(row, RUNTIME_NONE, false, alternatives);
		if (rule.alternative_count)
			policy_add(policy, &rule);
	}
}
