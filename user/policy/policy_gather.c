/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From facts and tables to a policy. Names come from our own tables, by ABI and number: what a
 * recording calls them does not count.
 */
#include <stdlib.h>

#include "policy_args.h"
#include "policy_family.h"
#include "policy_limit.h"

unsigned int policy_phases(const struct emit_options *options)
{
	if (options->phase_serving)
		return PHASE_BIT(PHASE_SERVING);
	return options->runtime == RUNTIME_NONE ? PHASES_APPLICATION : PHASES_JUDGED;
}

enum runtime policy_runtime(const struct model *model, const struct emit_options *options,
			    const char *workload)
{
	if (options->phase_serving)
		return RUNTIME_NONE;
	if (options->runtime != RUNTIME_AUTO)
		return options->runtime;
	return workload_container(model, workload) ? RUNTIME_ANY : RUNTIME_NONE;
}

static void rows_add(struct policy *policy, const struct name_row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		policy_add(policy, &(struct rule){.name = rows[i].name, .reason = REASON_ALWAYS});
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
			    const char *workload, struct policy *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_SYSCALL, &facts), at = 0, i;
	unsigned int phases = policy_phases(options);
	_cleanup_names_ struct names frequent = {};
	struct call call;

	policy_frequent(model, options, workload, &frequent);
	while (call_next(facts, count, &at, phases, &call)) {
		enum reason reason = REASON_RUNTIME;

		if (!workload_is(call.facts, workload))
			continue;
		if (!call_name(&call)) {
			unnamed_warn(&call, options);
			continue;
		}
		if (!policy_keeps_call(ret, options, &frequent, &call))
			continue;
		for (i = 0; i < call.fact_count; i++)
			if (PHASE_BIT(call.facts[i].phase) & PHASES_APPLICATION)
				reason = REASON_OBSERVED;
		/* An ABI is opened for what can be allowed in it, and for nothing less. */
		ret->abis[call.abi] = true;
		policy_add_call(ret, model, options, &call, phases, reason);
	}
}

static void denied_gather(const struct model *model, const struct emit_options *options,
			  const char *workload, struct policy *ret)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_DENIED, &facts), i;
	struct rule rule = {.reason = REASON_DENIED};

	for (i = 0; i < count && options->include_denied; i++) {
		rule.name = syscall_name(facts[i].denied.abi, facts[i].denied.nr);
		if (!rule.name || !fact_counts(&facts[i], workload, policy_phases(options)))
			continue;
		ret->abis[facts[i].denied.abi] = true;
		if (options->warn && !options->no_args && !options->exact && args_row(rule.name) &&
		    args_row(rule.name)->level <= ret->args)
			options->warn(
				options->warn_ctx,
				"%s is allowed whatever its arguments are: it was denied while "
				"recording, and with which ones is not known",
				rule.name);
		policy_add(ret, &rule);
	}
}

static void tables_gather(const struct emit_options *options, struct policy *ret)
{
	size_t i;

	if (options->exact || options->observed)
		return;
	policy_add_probes(ret);
	for (i = 0; i < floor_count; i++)
		if (floor_row_counts(&floor_rows[i], ret->runtime, options->no_new_privs))
			policy_add_floor(ret, options, floor_rows[i].name);
	if (options->no_always)
		return;
	rows_add(ret, always_rows, always_count);
	if (ret->abis[ABI_I386])
		rows_add(ret, always_i386_rows, always_i386_count);
}

static void headers_gather(const struct model *model, struct policy *ret)
{
	const struct fact *headers;
	size_t count = model_facts(model, FACT_RECORDING, &headers), i;
	enum abi abi;

	ret->args = count ? ARGS_ALL : ARGS_NONE;
	for (i = 0; i < count; i++) {
		if (headers[i].recording.machine &&
		    abi_from_machine(headers[i].recording.machine, &abi))
			ret->is_native[abi] = true;
		if (headers[i].recording.args < ret->args)
			ret->args = headers[i].recording.args;
	}
}

void policy_gather(const struct model *model, const struct emit_options *options,
		   const char *workload, struct policy *ret)
{
	*ret = (struct policy){.runtime = policy_runtime(model, options, workload)};
	headers_gather(model, ret);
	observed_gather(model, options, workload, ret);
	denied_gather(model, options, workload, ret);
	policy_translate(ret, options);
	tables_gather(options, ret);
	policy_settle(ret, options);
	policy_add_families(ret, options);
	policy_limit(ret, options);
}
