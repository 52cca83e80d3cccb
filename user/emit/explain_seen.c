/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One call's arguments and stacks as they were recorded, its risk, and who would miss it. Why it is in
 * a profile is explain.c's.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "explain_seen.h"
#include "show.h"

#define ARGUMENTS_SHOWN 24 /* kinds: more are counted */

static bool is_of_call(const struct question *q, const struct fact *fact, enum abi abi, uint32_t nr,
		       uint32_t sub)
{
	const struct call call = {.abi = abi, .nr = nr, .sub = sub};
	const char *name = call_name(&call);

	return name && !strcmp(name, q->name) && workload_is(fact, q->group);
}

static void values_print(const struct fact *fact, FILE *out)
{
	if (!fact->arguments.known)
		fputs("others", out);
	for (unsigned int i = 0, any = 0; i < CALL_ARGS; i++)
		if (fact->arguments.known & 1u << i)
			fprintf(out, "%sarg%u=%#" PRIx64, any++ ? " " : "", i,
				fact->arguments.values[i]);
}

void arguments_tell(const struct question *q)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_ARGUMENTS, &facts), shown = 0;

	for (size_t i = 0; i < count; i++) {
		if (!is_of_call(q, &facts[i], facts[i].arguments.abi, facts[i].arguments.nr, 0) ||
		    shown++ >= ARGUMENTS_SHOWN)
			continue;
		if (shown == 1)
			fprintf(q->out, "%10s  ARGUMENTS\n", "COUNT");
		fprintf(q->out, "%10" PRIu64 "  ", facts[i].arguments.count);
		values_print(&facts[i], q->out);
		fputs("  by ", q->out);
		who_tell(q, &facts[i]);
	}
	if (shown > ARGUMENTS_SHOWN)
		fprintf(q->out, "%10s  ... and %zu more kinds, which leastcall show --json has\n",
			"", shown - ARGUMENTS_SHOWN);
}

static void frame_print(const struct fact *fact, FILE *out)
{
	fputs("    ", out);
	if (fact->frame.function) {
		shown_print(fact->frame.function, out);
		fprintf(out, "+%#" PRIx64 " in ", fact->frame.offset);
		shown_print(fact->frame.file, out);
	} else {
		shown_print(fact->frame.file, out);
		fprintf(out, "+%#" PRIx64, fact->frame.offset);
		if (fact->frame.build_id) {
			fputs(", build-id ", out);
			shown_print(fact->frame.build_id, out);
		}
	}
	fputc('\n', out);
}

/* Facts of one stack stand together, the innermost frame first. */
void stacks_tell(const struct question *q)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_FRAME, &facts);

	for (size_t i = 0; i < count; i++) {
		if (!is_of_call(q, &facts[i], facts[i].frame.abi, facts[i].frame.nr,
				facts[i].frame.sub))
			continue;
		if (!facts[i].frame.depth) {
			fprintf(q->out,
				"stack of the first one (%s), the innermost function first, of ",
				phase_name(facts[i].phase));
			who_tell(q, &facts[i]);
		}
		frame_print(&facts[i], q->out);
	}
}

void risk_tell(const struct question *q)
{
	const struct tier_row *row = tier_row(q->name);

	if (row)
		fprintf(q->out, "risk: %s: %s (%s)\n", tier_name(row->tier), row->why, row->source);
	else
		fputs("risk: none of its own is known\n", q->out);
}

void without_tell(const struct question *q, const struct policy *policy)
{
	static const char *const words[] = {
		[REFUSAL_ERRNO] = "would fail with",
		[REFUSAL_KILL] = "would kill the process",
		[REFUSAL_TRAP] = "would bring SIGSYS",
		[REFUSAL_LOG] = "would be logged, and run",
	};
	enum refusal refusal = q->options->refusal;
	const char *code = errno_name(q->options->errnum ? q->options->errnum : ENOSYS);
	const struct rule *rule = policy_find(policy, q->name);
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_SYSCALL, &facts);
	unsigned int phases = policy_phases(q->options);
	uint64_t calls = 0;

	for (size_t i = 0; i < count; i++)
		if (is_of_call(q, &facts[i], facts[i].syscall.abi, facts[i].syscall.nr,
			       facts[i].syscall.sub) &&
		    PHASE_BIT(facts[i].phase) & phases)
			calls = add_saturating(calls, facts[i].syscall.count);
	if (!rule || rule->is_refused || !calls)
		return;
	fprintf(q->out,
		"without it: %" PRIu64 " of the recorded calls %s%s%s (whether that is "
		"survived: leastcall verify --minimise)\n",
		calls, words[refusal], refusal == REFUSAL_ERRNO ? " " : "",
		refusal == REFUSAL_ERRNO && code ? code : "");
}
