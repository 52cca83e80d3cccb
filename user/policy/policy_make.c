/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The policy of the workload that is asked for, and what whoever asked should know of it: calls that
 * were denied, a start that was not seen. Knows no format.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

static int denied_compare(const void *a, const void *b)
{
	const struct fact *x = *(const struct fact *const *)a, *y = *(const struct fact *const *)b;
	int order = number_compare(x->denied.abi, y->denied.abi);

	return order ? order : number_compare(x->denied.nr, y->denied.nr);
}

/* Calls that seccomp refused while they were recorded did not run: they earn no place. */
static void denied_warn(const struct model *model, const struct emit_options *options,
			const char *workload, const struct policy *policy)
{
	const struct fact *facts;
	size_t count = model_facts(model, FACT_DENIED, &facts), used = 0, i;
	_cleanup_free_ const struct fact **list = xcalloc(count, sizeof(*list));
	const char *name;

	for (i = 0; i < count && options->warn; i++)
		if (fact_counts(&facts[i], workload, policy_phases(options)))
			list[used++] = &facts[i];
	if (used)
		qsort(list, used, sizeof(*list), denied_compare);
	for (i = 0; i < used; i++) {
		enum abi abi = list[i]->denied.abi;

		name = syscall_name(abi, list[i]->denied.nr);
		if ((i && !denied_compare(&list[i - 1], &list[i])) ||
		    (name && policy->abis[abi] && policy_allows(policy, name)))
			continue;
		options->warn(options->warn_ctx,
			      "seccomp denied %s %s (%u) while recording: the profile does not "
			      "allow it for that alone%s",
			      abi_name(abi), name ? name : "number", list[i]->denied.nr,
			      name ? " (--include-denied does)" : "");
	}
}

static bool was_running(const struct model *model, const char *workload)
{
	const struct fact *notes;
	size_t count = model_facts(model, FACT_NOTE, &notes), i;

	for (i = 0; i < count; i++)
		if (!strcmp(notes[i].note.what, "already-running") &&
		    (!notes[i].workload || workload_is(&notes[i], workload)))
			return true;
	return false;
}

/* What ran before it was recorded never started in the recording. */
static void start_warn(const struct model *model, const struct emit_options *options,
		       const char *workload, const struct policy *policy)
{
	if (!options->warn || options->phase_serving || policy_allows(policy, "execve") ||
	    policy_allows(policy, "execveat") || !was_running(model, workload))
		return;
	options->warn(options->warn_ctx,
		      "execve is not in the profile, for what was recorded was running already: a "
		      "container or service started under it could not execute anything (merge a "
		      "recording of its start)");
}

#define NR_I386_SOCKETCALL 102

/* What socketcall(2) can be asked for, libseccomp allows by it, too; and it has its arguments in
 * memory, where no filter looks. */
static void socketcall_warn(const struct emit_options *options, const struct policy *policy)
{
	_cleanup_names_ struct names names = {};
	_cleanup_free_ char *joined = NULL;
	const struct rule *rule;
	const char *name;
	uint32_t sub;

	for (sub = 1; (name = syscall_sub_name(ABI_I386, NR_I386_SOCKETCALL, sub)); sub++) {
		rule = policy_find(policy, name);
		if (rule && rule->alternative_count)
			names_add(&names, name);
	}
	names_settle(&names);
	if (!names.count || !policy->abis[ABI_I386] || !options->warn)
		return;
	joined = names_shown(names.list, names.count);
	options->warn(options->warn_ctx,
		      "32-bit programs are allowed, and through socketcall no filter sees the "
		      "arguments of %s: for them the rules for these do not hold",
		      joined);
}

/* What makes a profile useless, and was asked for. */
static void cuts_warn(const struct emit_options *options, const struct policy *policy)
{
	size_t i;

	for (i = 0; i < policy->cut_count && options->warn; i++)
		if (!strcmp(policy->cuts[i].name, "execve") && !policy_allows(policy, "execve"))
			options->warn(options->warn_ctx,
				      "execve is left out (%s): a container or service started "
				      "under the profile could not execute anything",
				      policy->cuts[i].why);
}

static bool has_abi(const struct policy *policy)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		if (policy->abis[abi])
			return true;
	return false;
}

int policy_make(const struct model *model, const struct emit_options *options, struct policy *ret,
		struct err *err)
{
	_cleanup_policy_ struct policy policy = {};
	_cleanup_free_ char *workload = NULL;
	bool any = false, application = false;
	size_t i;
	int r = workload_choose(model, options, &workload, err);

	if (r)
		return r;
	policy_gather(model, options, workload, &policy);
	for (i = 0; i < policy.rule_count; i++) {
		application |= policy.rules[i].reason == REASON_OBSERVED;
		any |= policy.rules[i].reason <= REASON_RUNTIME;
	}
	if (!any && policy.cut_count)
		return err_set(err, -ENODATA, "the options leave nothing of the recording: %s, %s",
			       policy.cuts[0].name, policy.cuts[0].why);
	if (!application && options->phase_serving)
		return err_set(err, -ENODATA,
			       "the recording holds no call that was made after a serving mark");
	if (!any)
		return err_set(err, -ENODATA,
			       "the recording holds no system call that a profile could name");
	if (!has_abi(&policy))
		return err_set(err, -EINVAL, "--base is for other architectures altogether");
	denied_warn(model, options, workload, &policy);
	cuts_warn(options, &policy);
	start_warn(model, options, workload, &policy);
	socketcall_warn(options, &policy);
	policy.workload = take(workload);
	*ret = policy;
	policy = (struct policy){};
	return 0;
}
