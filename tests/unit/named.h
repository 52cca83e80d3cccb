/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One recording of a few named calls, the policy that is made of it, and what policies let through, as
 * words and as an order. Knows no option.
 */
#ifndef LEASTCALL_NAMED_H
#define LEASTCALL_NAMED_H

#include <stdlib.h>

#include "policy/imply.h"
#include "policy/policy.h"
#include "made.h"

static struct model *calls;
static bool is_sealed;
static struct policy policy;

/* A recording of the named calls of one ABI, each with up to one kind of arguments. */
static inline void begin(const char *machine, enum args_level args)
{
	struct fact header = {.kind = FACT_RECORDING, .run = "r"};

	model_free(calls);
	calls = model_new();
	is_sealed = false;
	header.recording.format = RECORDING_FORMAT;
	header.recording.what = "command";
	header.recording.machine = machine;
	header.recording.args = args;
	made_add(calls, &header);
}

static inline void call_with(enum abi abi, const char *name, unsigned int index, uint64_t value)
{
	struct fact fact = {.kind = FACT_SYSCALL, .run = "r", .workload = "w"};
	uint32_t nr = 0;

	if (!syscall_number(abi, name, &nr))
		abort();
	fact.syscall.abi = abi;
	fact.syscall.nr = nr;
	fact.syscall.count = 1;
	made_add(calls, &fact);
	if (index == CALL_ARGS)
		return;
	fact.kind = FACT_ARGUMENTS;
	fact.arguments = (__typeof__(fact.arguments)){
		.abi = abi, .nr = nr, .count = 1, .known = 1u << index};
	fact.arguments.values[index] = value;
	made_add(calls, &fact);
}

static inline void call(enum abi abi, const char *name)
{
	call_with(abi, name, CALL_ARGS, 0);
}

/* The policy of the recording as it is then. */
static inline void make_as(struct emit_options options)
{
	struct err err;

	if (!is_sealed)
		model_seal(calls);
	is_sealed = true;
	policy_drop(&policy);
	if (policy_make(calls, &options, &policy, &err)) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
}

/* Without what every profile has. */
static inline void make(struct emit_options options)
{
	options.no_always = true;
	make_as(options);
}

/* "arg0 == 1 or arg0 == 2"; "any", "refused", "absent". */
static inline const char *rule_text(const char *name)
{
	const struct rule *rule = policy_find(&policy, name);
	static char *text;
	size_t size, i;
	FILE *out;

	if (!rule)
		return "absent";
	if (rule->is_refused)
		return "refused";
	if (!rule->alternative_count)
		return "any";
	free(text);
	out = open_memstream(&text, &size);
	for (i = 0; i < rule->alternative_count; i++) {
		fputs(i ? " or " : "", out);
		alternative_print(&rule->alternatives[i], out);
	}
	fclose(out);
	return text;
}

static inline void end(void)
{
	policy_drop(&policy);
	model_free(calls);
}

/* What a policy lets through of a call. */
static inline struct grant grant_of(const struct policy *of, const char *name)
{
	const struct rule *rule = policy_find(of, name);

	if (!rule || rule->is_refused)
		return (struct grant){GRANT_NONE};
	return (struct grant){rule->alternative_count ? GRANT_SOME : GRANT_ALL, rule->alternatives,
			      rule->alternative_count};
}

static inline bool is_within(const struct policy *narrow, const struct policy *wide)
{
	for (size_t i = 0; i < narrow->rule_count; i++) {
		struct grant small = grant_of(narrow, narrow->rules[i].name);
		struct grant large = grant_of(wide, narrow->rules[i].name);

		if (!grant_implies(&small, &large))
			return false;
	}
	return true;
}

#endif
