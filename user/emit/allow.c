/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From facts and tables to a set of names. They come from our own tables, by ABI and number: what a
 * recording calls them does not count.
 */
#include <stdlib.h>

#include "allow.h"

unsigned int allow_phases(const struct emit_options *options)
{
	if (options->phase_serving)
		return PHASE_BIT(PHASE_SERVING);
	return options->runtime == RUNTIME_NONE ? PHASES_APPLICATION : PHASES_JUDGED;
}

enum runtime allow_runtime(const struct model *model, const struct emit_options *options,
			   const char *workload)
{
	if (options->phase_serving)
		return RUNTIME_NONE;
	if (options->runtime != RUNTIME_AUTO)
		return options->runtime;
	return workload_container(model, workload) ? RUNTIME_ANY : RUNTIME_NONE;
}

static void rows_add(struct names *names, const struct name_row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		names_add(names, rows[i].name);
}

static void unnamed_warn(const struct call *call, const struct emit_options *options)
{
	char *results;

	if (!options->warn)
		return;
	results = call_results(call);
	options->warn(options->warn_ctx,
		      "%s system call %u has no name and cannot be written: called %llu times, "
		      "returned: %s",
		      abi_name(call->abi), call->nr, (unsigned long long)call->count, results);
	free(results);
}

static void observed_gather(const struct model *model, const struct emit_options *options,
			    const char *workload, struct allow *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts), at = 0, i;
	unsigned int phases = allow_phases(options);
	struct call call;
	const char *name;

	while (call_next(facts, count, &at, phases, &call)) {
		enum reason reason = REASON_RUNTIME;

		if (!workload_is(call.facts, workload))
			continue;
		name = call_name(&call);
		if (!name) {
			unnamed_warn(&call, options);
			continue;
		}
		for (i = 0; i < call.fact_count; i++)
			if (PHASE_BIT(call.facts[i].phase) & PHASES_APPLICATION)
				reason = REASON_OBSERVED;
		/* An ABI is opened for what can be allowed in it, and for nothing less. */
		ret->abis[call.abi] = true;
		names_add(&ret->reasons[reason], name);
	}
}

static void denied_gather(const struct model *model, const struct emit_options *options,
			  const char *workload, struct allow *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_DENIED, &facts), i;
	const char *name;

	for (i = 0; i < count && options->include_denied; i++) {
		name = syscall_name(facts[i].denied.abi, facts[i].denied.nr);
		if (!name || !fact_counts(&facts[i], workload, allow_phases(options)))
			continue;
		ret->abis[facts[i].denied.abi] = true;
		names_add(&ret->reasons[REASON_DENIED], name);
	}
}

static void tables_gather(const struct emit_options *options, struct allow *ret)
{
	struct names *always = &ret->reasons[REASON_ALWAYS];
	size_t i;

	if (options->exact)
		return;
	for (i = 0; i < floor_count; i++)
		if (floor_row_counts(&floor_rows[i], ret->runtime, options->no_new_privs))
			names_add(&ret->reasons[REASON_FLOOR], floor_rows[i].name);
	if (options->no_always)
		return;
	rows_add(always, always_rows, always_count);
	if (ret->abis[ABI_I386])
		rows_add(always, always_i386_rows, always_i386_count);
}

/* Takes out of the set what is in `names` already, and puts the rest there. */
static void names_move(struct names *names, struct names *set)
{
	size_t i, used = 0;

	names_settle(set);
	for (i = 0; i < set->count; i++)
		if (!names_have(names, set->list[i]))
			set->list[used++] = set->list[i];
	set->count = used;
	for (i = 0; i < used; i++)
		names_add(names, set->list[i]);
	names_settle(names);
}

void allow_gather(const struct model *model, const struct emit_options *options,
		  const char *workload, struct allow *ret)
{
	size_t i;

	*ret = (struct allow){.runtime = allow_runtime(model, options, workload)};
	observed_gather(model, options, workload, ret);
	denied_gather(model, options, workload, ret);
	tables_gather(options, ret);
	for (i = 0; i < REASONS; i++)
		names_move(&ret->names, &ret->reasons[i]);
}

void allow_drop(struct allow *allow)
{
	size_t i;

	names_drop(&allow->names);
	for (i = 0; i < REASONS; i++)
		names_drop(&allow->reasons[i]);
}
