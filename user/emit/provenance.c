/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One reason for each name of a profile, and the row or the program behind it. Knows all names at
 * once; explain.c knows everything about one.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "emit.h"
#include "show.h"

/* Who called a name, and how often. */
struct callers {
	uint64_t count;
	struct names exes;
};

static const char *const words[REASONS] = {
	[REASON_OBSERVED] = "observed", [REASON_RUNTIME] = "runtime", [REASON_DENIED] = "denied",
	[REASON_ALWAYS] = "always",     [REASON_FLOOR] = "floor",     [REASON_FAMILY] = "family",
	[REASON_GIVEN] = "given",
};

static void caller_add(struct callers *callers, const struct fact *fact, uint64_t count)
{
	callers->count = add_saturating(callers->count, count);
	names_add(&callers->exes, fact->exe ? fact->exe : "(unknown)");
}

static void call_collect(const struct call *call, unsigned int phases, struct callers *ret)
{
	size_t i;

	for (i = 0; i < call->fact_count; i++)
		if (PHASE_BIT(call->facts[i].phase) & phases)
			caller_add(ret, &call->facts[i], call->facts[i].syscall.count);
}

/* Of the policy's rules and of its cuts, each its own. */
static void observed_collect(const struct model *model, const struct policy *policy,
			     unsigned int phases, struct callers *ret, struct callers *ret_cut)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts), at = 0;
	struct call call;

	while (call_next(facts, count, &at, phases, &call)) {
		const char *name = call_name(&call);
		const struct rule *rule = name ? policy_find(policy, name) : NULL;
		const struct cut *cut = name ? policy_cut_find(policy, name) : NULL;

		if (!workload_is(call.facts, policy->workload))
			continue;
		if (rule)
			call_collect(&call, phases, &ret[rule - policy->rules]);
		if (cut)
			call_collect(&call, phases, &ret_cut[cut - policy->cuts]);
	}
}

static void denied_collect(const struct model *model, const struct policy *policy,
			   unsigned int phases, struct callers *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_DENIED, &facts), i;

	for (i = 0; i < count; i++) {
		const char *name = syscall_name(facts[i].denied.abi, facts[i].denied.nr);
		const struct rule *rule = name ? policy_find(policy, name) : NULL;

		if (rule && rule->reason == REASON_DENIED &&
		    fact_counts(&facts[i], policy->workload, phases))
			caller_add(&ret[rule - policy->rules], &facts[i], facts[i].denied.count);
	}
}

static void callers_print(struct callers *callers, FILE *out)
{
	size_t i;

	names_settle(&callers->exes);
	fprintf(out, "%" PRIu64 " time%s, by", callers->count, plural(callers->count));
	for (i = 0; i < callers->exes.count; i++) {
		_cleanup_free_ char *shown = text_printable(callers->exes.list[i]);

		fprintf(out, " %s", shown);
	}
}

static void always_print(const char *name, FILE *out)
{
	size_t i;

	for (i = 0; i < always_count; i++) {
		if (!strcmp(always_rows[i].name, name)) {
			fputs(always_rows[i].reason, out);
			return;
		}
	}
	for (i = 0; i < always_i386_count; i++)
		if (!strcmp(always_i386_rows[i].name, name))
			fprintf(out, "i386: %s", always_i386_rows[i].reason);
}

static void floor_print(const char *name, const struct policy *policy,
			const struct emit_options *options, FILE *out)
{
	const char *sign = "";
	size_t i;

	for (i = 0; i < floor_count; i++) {
		const struct floor_row *row = &floor_rows[i];

		if (strcmp(row->name, name) != 0 ||
		    !floor_row_counts(row, policy->runtime, options->no_new_privs))
			continue;
		fprintf(out, "%s%s %s: %s", sign, runtime_name(row->runtime), row->version,
			row->source);
		sign = "; ";
	}
}

static void family_print(const struct rule *rule, FILE *out)
{
	const struct equivalent_row *row = equivalent_row(rule->because, rule->name, FAMILIES_FULL);

	fprintf(out, "of %s%s%s", rule->because, row ? ": " : "", row ? row->why : "");
}

static void rule_print(const struct policy *policy, const struct emit_options *options,
		       const struct rule *rule, struct callers *callers,
		       struct callers *cut_callers, FILE *out)
{
	const struct cut *cut = policy_cut_find(policy, rule->name);

	fprintf(out, "%s\t%s\t", rule->name, rule->is_refused ? "refused" : words[rule->reason]);
	if (rule->is_refused)
		fputs("ENOSYS, so that the C library falls back", out);
	else if (rule->reason <= REASON_DENIED)
		callers_print(callers, out);
	else if (rule->reason == REASON_ALWAYS)
		always_print(rule->name, out);
	else if (rule->reason == REASON_FLOOR)
		floor_print(rule->name, policy, options, out);
	else if (rule->reason == REASON_FAMILY)
		family_print(rule, out);
	if (cut && cut->was_called) {
		fprintf(out, "; left out, %s: ", cut->why);
		callers_print(&cut_callers[cut - policy->cuts], out);
	}
	fputc('\n', out);
}

static void cut_print(const struct cut *cut, struct callers *callers, FILE *out)
{
	fprintf(out, "%s\tcut\t%s", cut->name, cut->why);
	if (cut->was_called) {
		fputs(": ", out);
		callers_print(callers, out);
	}
	fputc('\n', out);
}

void provenance_emit(const struct model *model, const struct policy *policy,
		     const struct emit_options *options, FILE *out)
{
	_cleanup_free_ struct callers *callers = xcalloc(policy->rule_count, sizeof(*callers));
	_cleanup_free_ struct callers *cut_callers =
		xcalloc(policy->cut_count, sizeof(*cut_callers));
	size_t i, k = 0;

	observed_collect(model, policy, policy_phases(options), callers, cut_callers);
	denied_collect(model, policy, policy_phases(options), callers);
	for (i = 0; i <= policy->rule_count; i++) {
		const char *name = i < policy->rule_count ? policy->rules[i].name : NULL;

		/* What is left out between two that are in; a rule that was only narrowed is in. */
		for (; k < policy->cut_count; k++) {
			int order = name ? strcmp(policy->cuts[k].name, name) : -1;

			if (order > 0)
				break;
			if (order < 0)
				cut_print(&policy->cuts[k], &cut_callers[k], out);
		}
		if (!name)
			break;
		rule_print(policy, options, &policy->rules[i], &callers[i], cut_callers, out);
		names_drop(&callers[i].exes);
	}
	for (k = 0; k < policy->cut_count; k++)
		names_drop(&cut_callers[k].exes);
}
