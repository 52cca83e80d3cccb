/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a system call is in a workload's seccomp profile, or why it is not: who made it, when and with
 * which results, who was denied it, and which row of which table adds it. Knows one call at a time.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain_seen.h"
#include "show.h"
#include "model/text.h"

/* What was found on the way. */
struct findings {
	bool called_before; /* by the runtime, before its filter */
	bool called_behind; /* by the runtime, behind it */
	bool denied;        /* in a phase that the profile takes in */
};

static bool name_is(const struct fact *fact, const char *name)
{
	struct call call = {
		.abi = fact->syscall.abi, .nr = fact->syscall.nr, .sub = fact->syscall.sub};
	const char *own = call_name(&call);

	return own && !strcmp(own, name);
}

/* Runs apart, the same call by the same program in the same phase. */
static bool same_caller(const struct fact *a, const struct fact *b)
{
	return a->syscall.abi == b->syscall.abi && a->syscall.nr == b->syscall.nr &&
	       a->syscall.sub == b->syscall.sub && a->phase == b->phase &&
	       !text_compare(a->exe, b->exe) && !text_compare(a->workload, b->workload);
}

void who_tell(const struct question *q, const struct fact *fact)
{
	shown_print(fact->exe ? fact->exe : "(unknown)", q->out);
	if (text_compare(fact->workload, q->group)) {
		fputs(" of ", q->out);
		shown_print(fact->workload, q->out);
	}
	fputc('\n', q->out);
}

static void caller_print(const struct question *q, const struct call *call, bool first)
{
	_cleanup_free_ char *results = call_results(call);

	if (first)
		fprintf(q->out, "%10s %12s  %-7s  %-7s  %-16s  WHO\n", "COUNT", "FIRST (s)",
			"PHASE", "ABI", "RESULTS");
	fprintf(q->out, "%10" PRIu64 " %5" PRIu64 ".%06" PRIu64 "  %-7s  %-7s  %-16s  ",
		call->count, call->first_ns / 1000000000, call->first_ns / 1000 % 1000000,
		phase_name(call->facts->phase), abi_name(call->abi), results);
	who_tell(q, call->facts);
}

static void callers_print(const struct question *q, struct findings *ret)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_SYSCALL, &facts), i = 0, first, at;
	bool any = false;
	struct call call;

	while (i < count) {
		first = i++;
		if (!workload_is(&facts[first], q->group) || !name_is(&facts[first], q->name))
			continue;
		while (i < count && same_caller(&facts[first], &facts[i]))
			i++;
		at = 0;
		call_next(facts + first, i - first, &at, PHASES_ALL, &call);
		caller_print(q, &call, !any);
		any = true;
		ret->called_before |= facts[first].phase == PHASE_SETUP;
		ret->called_behind |= facts[first].phase == PHASE_RUNTIME;
	}
}

static void denied_tell(const struct question *q, struct findings *ret)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_DENIED, &facts), i;

	for (i = 0; i < count; i++) {
		const char *name = syscall_name(facts[i].denied.abi, facts[i].denied.nr);
		const char *code = errno_name(facts[i].denied.errnum);

		if (!name || strcmp(name, q->name) != 0 || !workload_is(&facts[i], q->group))
			continue;
		fprintf(q->out, "denied by seccomp %" PRIu64 " time%s in %s (%s, %s): ",
			facts[i].denied.count, plural(facts[i].denied.count),
			phase_name(facts[i].phase), abi_name(facts[i].denied.abi),
			code ? code : "killed, trapped or answered");
		who_tell(q, &facts[i]);
		if (PHASE_BIT(facts[i].phase) & policy_phases(q->options))
			ret->denied = true;
	}
}

static void always_tell(const struct question *q, const struct name_row *rows, size_t count,
			const char *words)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(rows[i].name, q->name))
			fprintf(q->out, "%s: %s\n", words, rows[i].reason);
}

static void floor_tell(const struct question *q, enum runtime runtime)
{
	static const char *const moments[] = {
		[FLOOR_START] = "at the start",
		[FLOOR_EXEC] = "at an exec into the container",
		[FLOOR_START | FLOOR_EXEC] = "at the start and at an exec into the container",
	};
	size_t i;

	for (i = 0; i < floor_count; i++) {
		const struct floor_row *row = &floor_rows[i];

		if (strcmp(row->name, q->name) != 0 ||
		    !floor_row_counts(row, runtime, q->options->no_new_privs))
			continue;
		fprintf(q->out, "needed by the container runtime %s %s and newer, %s%s (%s)\n",
			runtime_name(row->runtime), row->version, moments[row->moments],
			row->with_no_new_privs ? "" : ", without no_new_privs", row->source);
	}
}

static void family_tell(const struct question *q, const struct rule *rule)
{
	const struct equivalent_row *row =
		rule->because ? equivalent_row(rule->because, rule->name, FAMILIES_FULL) : NULL;

	if (row)
		fprintf(q->out, "          for %s\n", row->why);
}

static void verdict_print(const struct question *q, const struct findings *findings,
			  const struct policy *policy)
{
	static const char *const reasons[REASONS] = {
		[REASON_OBSERVED] = "observed",
		[REASON_RUNTIME] = "observed between the filter and the application's execve",
		[REASON_DENIED] = "added though denied while it was recorded",
		[REASON_ALWAYS] = "added always",
		[REASON_FLOOR] = "added for the container runtime",
		[REASON_FAMILY] = "added in place of",
	};
	const struct rule *rule = policy_find(policy, q->name);
	const struct cut *cut = policy_cut_find(policy, q->name);
	const char *why = "not called, and nothing adds it";
	size_t i;

	if (rule && rule->is_refused) {
		fputs("not allowed: answered with ENOSYS, so that the C library falls back to "
		      "clone, whose flags a filter sees\n",
		      q->out);
		return;
	}
	if (rule) {
		fprintf(q->out, "in the profile: %s%s%s\n", reasons[rule->reason],
			rule->because ? " " : "", rule->because ? rule->because : "");
		family_tell(q, rule);
		for (i = 0; i < rule->alternative_count; i++) {
			fputs(i ? "                or " : "          where ", q->out);
			alternative_print(&rule->alternatives[i], q->out);
			fputc('\n', q->out);
		}
		if (cut)
			fprintf(q->out, "          left out, %s\n", cut->why);
		return;
	}
	if (cut)
		why = cut->why;
	else if (findings->denied)
		why = "denied while it was recorded (--include-denied takes it in)";
	else if (findings->called_behind)
		why = "called only by the container's runtime, which --runtime none leaves out";
	else if (findings->called_before)
		why = "called only by the container's runtime, where no filter judges it";
	fprintf(q->out, "not in the profile: %s\n", why);
}

/* True where the call is in the group's profile. */
static bool group_explain(const struct question *q, bool alone)
{
	_cleanup_policy_ struct policy policy = {};
	struct emit_options silent = *q->options;
	struct findings findings = {};

	silent.warn = NULL;
	policy_gather(q->model, &silent, q->group, &policy);
	if (!alone) {
		fputs("workload ", q->out);
		shown_print(q->group, q->out);
		fputc('\n', q->out);
	}
	callers_print(q, &findings);
	arguments_tell(q);
	stacks_tell(q);
	denied_tell(q, &findings);
	always_tell(q, always_rows, always_count, "needed always");
	if (policy.abis[ABI_I386])
		always_tell(q, always_i386_rows, always_i386_count, "needed where i386 was seen");
	floor_tell(q, policy.runtime);
	without_tell(q, &policy);
	verdict_print(q, &findings, &policy);
	return policy_allows(&policy, q->name);
}

int explain_emit(const struct model *model, const struct emit_options *options, const char *name,
		 FILE *out, bool *ret_in, struct err *err)
{
	struct question q = {.model = model, .options = options, .name = name, .out = out};
	_cleanup_groups_ struct groups groups = {};
	_cleanup_free_ char *chosen = NULL;
	bool in = false;
	size_t i;
	int r;

	if (options->workload) {
		r = workload_choose(model, options, &chosen, err);
		if (r)
			return r;
		risk_tell(&q);
		q.group = chosen;
		*ret_in = group_explain(&q, true);
		return 0;
	}
	groups_list(model, &groups);
	if (!groups.count)
		return err_set(err, -EINVAL, "the recording holds no workload");
	risk_tell(&q);
	for (i = 0; i < groups.count; i++) {
		q.group = groups.list[i];
		fputs(i ? "\n" : "", out);
		in |= group_explain(&q, groups.count == 1);
	}
	*ret_in = in;
	return 0;
}
