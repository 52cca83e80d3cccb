/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rules are taken out or narrowed, and what became of them is kept for people. It adds no call. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "imply.h"
#include "policy_args.h"
#include "policy_limit.h"

/* A name, and how often it was called. */
struct tally {
	const char *name;
	uint64_t count;
};

static int tally_compare(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;

	return strcmp(x->name, y->name);
}

void policy_frequent(const struct model *model, const struct emit_options *options,
		     const char *workload, struct names *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts), used = 0, at = 0, i;
	_cleanup_free_ struct tally *tallies = xcalloc(count, sizeof(*tallies));
	uint64_t sum = 0;
	struct call call;

	*ret = (struct names){};
	while (call_next(facts, count, &at, policy_phases(options), &call))
		if (workload_is(call.facts, workload) && call_name(&call))
			tallies[used++] = (struct tally){call_name(&call), call.count};
	if (used)
		qsort(tallies, used, sizeof(*tallies), tally_compare);
	for (i = 0; i < used; i++) {
		sum = add_saturating(sum, tallies[i].count);
		if (i + 1 < used && !tally_compare(&tallies[i], &tallies[i + 1]))
			continue;
		if (sum >= options->min_count)
			names_add(ret, tallies[i].name);
		sum = 0;
	}
	names_settle(ret);
}

static const char cut_rare[] = "called less often than --min-count";
static const char cut_enosys[] = "never answered but with ENOSYS";

bool policy_keeps_call(struct policy *policy, const struct emit_options *options,
		       const struct names *frequent, const struct call *call)
{
	if (!names_have(frequent, call_name(call))) {
		policy_cut(policy, call_name(call), cut_rare, true);
		return false;
	}
	if (options->drop_enosys && call_only_enosys(call)) {
		policy_cut(policy, call_name(call), cut_enosys, true);
		/* So it is answered again, where the default is another answer. */
		if (options->refusal != REFUSAL_ERRNO || refusal_errnum(options) != ENOSYS)
			policy_add(policy, &(struct rule){.name = call_name(call),
							  .reason = REASON_FAMILY,
							  .is_refused = true});
		return false;
	}
	return true;
}

/* Whose kernels run the ABI of the other one, too. */
static bool is_second(enum abi abi, const bool abis[ABI_COUNT])
{
	return ((abi == ABI_I386 || abi == ABI_X32) && abis[ABI_X86_64]) ||
	       (abi == ABI_ARM && abis[ABI_AARCH64]);
}

void policy_translate(struct policy *policy, const struct emit_options *options)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		policy->is_translated |= options->archs[abi];
	for (abi = 0; abi < ABI_COUNT && policy->is_translated; abi++) {
		policy->abis[abi] = options->archs[abi];
		policy->is_native[abi] = options->archs[abi] && !is_second(abi, options->archs);
	}
}

/* May narrow the rule; false where nothing is left of it. */
typedef bool judge_fn(struct policy *policy, const struct emit_options *options, struct rule *rule);

static void rules_judge(struct policy *policy, const struct emit_options *options, judge_fn *judge)
{
	size_t used = 0, i;

	for (i = 0; i < policy->rule_count; i++) {
		struct rule rule = policy->rules[i];

		if (judge(policy, options, &rule))
			policy->rules[used++] = rule;
		else
			free(rule.alternatives);
	}
	policy->rule_count = used;
}

static void rule_cut(struct policy *policy, const struct rule *rule, const char *why)
{
	policy_cut(policy, rule->name, why,
		   rule->reason == REASON_OBSERVED || rule->reason == REASON_RUNTIME);
}

static bool abi_judge(struct policy *policy, const struct emit_options *options, struct rule *rule)
{
	(void)options;
	if (policy_abis_have(policy, rule->name))
		return true;
	if (!rule->is_refused)
		rule_cut(policy, rule, CUT_NO_ABI);
	return false;
}

static void alternatives_set(struct rule *rule, const struct alternative *list, size_t count)
{
	free(rule->alternatives);
	rule->alternatives = xcalloc(count, sizeof(*list));
	memcpy(rule->alternatives, list, count * sizeof(*list));
	rule->alternative_count = count;
}

/* clone is what its flags are: without namespaces it has no tier. */
static bool clone_judge(struct policy *policy, const struct emit_options *options,
			struct rule *rule)
{
	struct alternative harmless[64 * CALL_ARGS];
	size_t count = policy_harmless(policy, options, rule->name, harmless), used = 0, i;

	if (!rule->alternative_count) {
		alternatives_set(rule, harmless, count);
		rule_cut(policy, rule, "for namespaces");
		return true;
	}
	for (i = 0; i < rule->alternative_count; i++)
		if (alternative_implies(&rule->alternatives[i], &harmless[0]))
			rule->alternatives[used++] = rule->alternatives[i];
	if (used < rule->alternative_count)
		rule_cut(policy, rule, "for namespaces");
	rule->alternative_count = used;
	return used;
}

static bool tier_judge(struct policy *policy, const struct emit_options *options, struct rule *rule)
{
	static const char *const whys[TIERS] = {
		[TIER_INFO] = "of tier info",         [TIER_OBSOLETE] = "of tier obsolete",
		[TIER_MEDIUM] = "of tier medium",     [TIER_HIGH] = "of tier high",
		[TIER_CRITICAL] = "of tier critical",
	};
	const struct args_row *row = args_row(rule->name);

	if (rule->is_refused)
		return true;
	if (!strcmp(rule->name, "clone") && options->deny_tier <= TIER_HIGH)
		return clone_judge(policy, options, rule);
	if (tier_of(rule->name) < options->deny_tier)
		return true;
	rule_cut(policy, rule, whys[tier_of(rule->name)]);
	/* The C library takes another one only where it is told so. */
	rule->is_refused = row && row->form == ARG_POINTER;
	return rule->is_refused;
}

/* What meets both; false where nothing does, or where no condition of ours can say it. */
static bool condition_meet(const struct condition *ours, const struct condition *base,
			   struct condition *ret)
{
	struct alternative wide = {.list = {*base}, .count = 1}, exact = {.count = 1};

	if (base->compare == COMPARE_MASKED) {
		*ret = *ours;
		ret->mask |= base->mask;
		ret->value |= base->value;
		return !((ours->value ^ base->value) & ours->mask & base->mask);
	}
	/* A range that is compared with all 64 bits: so is ours then, where it is a number. */
	if (ours->mask != UINT32_MAX && ours->mask != UINT64_MAX)
		return false;
	exact.list[0] = *ours;
	exact.list[0].mask = UINT64_MAX;
	*ret = exact.list[0];
	return alternative_implies(&exact, &wide);
}

static bool alternative_meet(const struct alternative *ours, const struct alternative *base,
			     struct alternative *ret)
{
	unsigned int i = 0, k = 0;

	*ret = (struct alternative){};
	while (i < ours->count || k < base->count) {
		const struct condition *a = i < ours->count ? &ours->list[i] : NULL;
		const struct condition *b = k < base->count ? &base->list[k] : NULL;
		struct condition any = {.compare = COMPARE_MASKED};

		if (!b || (a && a->index < b->index)) {
			ret->list[ret->count++] = *a;
			i++;
			continue;
		}
		any.index = b->index;
		if (!condition_meet(a && a->index == b->index ? a : &any, b,
				    &ret->list[ret->count++]))
			return false;
		i += a && a->index == b->index;
		k++;
	}
	return true;
}

static bool has_ranges(const struct rule *rule)
{
	size_t i;
	unsigned int k;

	for (i = 0; i < rule->alternative_count; i++)
		for (k = 0; k < rule->alternatives[i].count; k++)
			if (rule->alternatives[i].list[k].compare != COMPARE_MASKED)
				return true;
	return false;
}

/* As wide as ours: a number that is compared with all 64 bits is the same one to the kernel. */
static bool is_whole(const struct alternative *met, const struct alternative *ours)
{
	unsigned int i;

	for (i = 0; i < met->count && met->count == ours->count; i++)
		if (met->list[i].mask != ours->list[i].mask &&
		    (ours->list[i].mask != UINT32_MAX || met->list[i].value > UINT32_MAX))
			return false;
	return met->count == ours->count;
}

/* The rule for those of its arguments that one of the base's alternatives allows. */
static bool alternatives_meet(struct policy *policy, const struct rule *base, struct rule *rule)
{
	static const struct alternative any;
	const struct alternative *ours = rule->alternative_count ? rule->alternatives : &any;
	size_t ours_count = rule->alternative_count ? rule->alternative_count : 1;
	_cleanup_free_ struct alternative *met =
		xcalloc(ours_count * base->alternative_count, sizeof(*met));
	size_t count = 0, i, k;
	bool narrowed = !rule->alternative_count, whole;

	if (narrowed && has_ranges(base))
		return false;
	for (i = 0; i < ours_count; i++) {
		for (whole = false, k = 0; k < base->alternative_count; k++) {
			if (!alternative_meet(&ours[i], &base->alternatives[k], &met[count]))
				continue;
			whole |= is_whole(&met[count++], &ours[i]);
		}
		narrowed |= !whole;
	}
	/* With more, they would not be looked at. */
	if (!count || count > ALTERNATIVES_MAX)
		return false;
	alternatives_set(rule, met, count);
	if (narrowed)
		rule_cut(policy, rule, "for some arguments, which --base denies");
	return true;
}

/* The base allows it but for some arguments. */
static bool alternatives_avoid(struct policy *policy, const struct refused_call *base,
			       struct rule *rule)
{
	size_t used = 0, i, k;

	for (i = 0; i < rule->alternative_count; i++) {
		for (k = 0; k < base->count; k++)
			if (!alternatives_exclude(&rule->alternatives[i], &base->list[k]))
				break;
		if (k == base->count)
			rule->alternatives[used++] = rule->alternatives[i];
	}
	if (used && used < rule->alternative_count)
		rule_cut(policy, rule, "for some arguments, which --base denies");
	rule->alternative_count = used;
	return used;
}

static bool base_judge(struct policy *policy, const struct emit_options *options, struct rule *rule)
{
	const struct rule *base = policy_find(options->base, rule->name);
	const struct refused_call *refusal = policy_refusal_find(options->base, rule->name);
	bool is_denied, keeps;

	if (rule->is_refused)
		return true;
	is_denied = base ? base->is_refused && !base->alternative_count : !options->base_is_open;
	if (is_denied)
		keeps = false;
	else if (options->base_is_open)
		keeps = !refusal || alternatives_avoid(policy, refusal, rule);
	else
		keeps = !base->alternative_count || alternatives_meet(policy, base, rule);
	if (!keeps)
		rule_cut(policy, rule,
			 is_denied ? "denied by --base"
				   : "--base allows it for other arguments only");
	return keeps;
}

static void abis_meet(struct policy *policy, const struct emit_options *options)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++) {
		if (!policy->abis[abi] || options->base->abis[abi])
			continue;
		policy->abis[abi] = false;
		if (options->warn)
			options->warn(options->warn_ctx,
				      "calls of %s are not allowed: --base is not for it",
				      abi_name(abi));
	}
}

/* What was not taken in, and came in for another reason all the same: with all arguments, or with some
 * of which nobody says that they are those that were seen. False where nothing is left to tell. */
static bool cut_settle(const struct policy *policy, struct cut *cut)
{
	const struct rule *rule = policy_find(policy, cut->name);

	if (!rule || rule->is_refused || (cut->why != cut_rare && cut->why != cut_enosys))
		return true;
	cut->why = cut->why == cut_rare ? "for some arguments, called less often than --min-count"
					: "for some arguments, never answered but with ENOSYS";
	return rule->alternative_count;
}

static void cuts_settle(struct policy *policy)
{
	size_t used = 0, i;

	for (i = 0; i < policy->cut_count; i++) {
		const struct rule *rule = policy_find(policy, policy->cuts[i].name);

		if (policy->cuts[i].was_called &&
		    (!rule || rule->is_refused || rule->reason > REASON_RUNTIME))
			policy->called_cut++;
		if (cut_settle(policy, &policy->cuts[i]))
			policy->cuts[used++] = policy->cuts[i];
	}
	policy->cut_count = used;
}

void policy_limit(struct policy *policy, const struct emit_options *options)
{
	if (options->base)
		abis_meet(policy, options);
	if (policy->is_translated)
		rules_judge(policy, options, abi_judge);
	if (options->deny_tier != TIER_NONE)
		rules_judge(policy, options, tier_judge);
	if (options->base)
		rules_judge(policy, options, base_judge);
	policy_settle(policy, options);
	cuts_settle(policy);
}
