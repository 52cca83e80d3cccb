/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The seccomp allow-list as the OCI runtime-spec has it (config-linux.md, "Seccomp"), without the
 * words that only Docker's or Podman's reader knows. Which rules are in it is policy.h's.
 *
 * The default errno is ENOSYS, 38: it is what a kernel without the call answers, so that libc falls
 * back to an older call; without it runc and crun answer unknown calls differently.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

static bool x86_64_only(const struct policy *policy)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		if (policy->abis[abi] != (abi == ABI_X86_64))
			return false;
	return true;
}

/* The names that Docker's default profile does not allow. */
static void beyond_docker(const struct policy *policy, struct names *ret)
{
	size_t i;

	for (i = 0; i < policy->rule_count; i++)
		if (!policy->rules[i].is_refused &&
		    !bsearch(&policy->rules[i].name, docker_default_names, docker_default_count,
			     sizeof(*docker_default_names), name_compare))
			names_add(ret, policy->rules[i].name);
	names_settle(ret);
}

void seccomp_summarise(const struct model *model, const struct emit_options *options,
		       struct seccomp_summary *ret)
{
	struct emit_options silent = *options;
	_cleanup_policy_ struct policy policy = {};
	size_t i;

	silent.warn = NULL;
	policy_gather(model, &silent, options->workload, &policy);
	*ret = (struct seccomp_summary){.whose_floor = policy.runtime};
	for (i = 0; i < policy.rule_count; i++) {
		const struct rule *rule = &policy.rules[i];

		if (rule->is_refused)
			names_add(&ret->refused, rule->name);
		else if (rule->reason == REASON_OBSERVED || rule->reason == REASON_RUNTIME)
			ret->observed++;
		else
			ret->added++;
		ret->narrowed += rule->alternative_count > 0;
	}
	names_settle(&ret->refused);
	policy_names(&policy, REASON_RUNTIME, &ret->runtime);
	policy_names(&policy, REASON_DENIED, &ret->denied);
	policy_names(&policy, REASON_ALWAYS, &ret->always);
	policy_names(&policy, REASON_FLOOR, &ret->floor);
	policy_names(&policy, REASON_FAMILY, &ret->family);
	ret->has_docker = x86_64_only(&policy);
	if (ret->has_docker)
		beyond_docker(&policy, &ret->beyond_docker);
}

void seccomp_summary_drop(struct seccomp_summary *summary)
{
	names_drop(&summary->runtime);
	names_drop(&summary->denied);
	names_drop(&summary->always);
	names_drop(&summary->floor);
	names_drop(&summary->family);
	names_drop(&summary->refused);
	names_drop(&summary->beyond_docker);
}

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

/* The runtimes start from the native ABI; people look for it first. */
static void architectures_print(const struct policy *policy, FILE *out)
{
	const char *comma = "";
	enum abi abi;
	int pass;

	fputs("\t\"architectures\": [", out);
	for (pass = 0; pass < 2; pass++) {
		for (abi = 0; abi < ABI_COUNT; abi++) {
			if (!policy->abis[abi] || policy->is_native[abi] != (pass == 0))
				continue;
			fprintf(out, "%s\n\t\t\"%s\"", comma, abi_scmp_name(abi));
			comma = ",";
		}
	}
	fputs("\n\t],\n", out);
}

static void condition_write(const struct condition *condition, FILE *out)
{
	fprintf(out, "\n\t\t\t\t{\n\t\t\t\t\t\"index\": %u,\n", condition->index);
	if (condition->mask == UINT64_MAX)
		fprintf(out,
			"\t\t\t\t\t\"value\": %" PRIu64 ",\n\t\t\t\t\t\"op\": \"SCMP_CMP_EQ\"\n",
			condition->value);
	else
		fprintf(out,
			"\t\t\t\t\t\"value\": %" PRIu64 ",\n\t\t\t\t\t\"valueTwo\": %" PRIu64
			",\n\t\t\t\t\t\"op\": \"SCMP_CMP_MASKED_EQ\"\n",
			condition->mask, condition->value);
	fputs("\t\t\t\t}", out);
}

static void alternative_write(const char *name, const struct alternative *alternative, FILE *out)
{
	unsigned int i;

	fprintf(out,
		",\n\t\t{\n\t\t\t\"names\": [\n\t\t\t\t\"%s\"\n\t\t\t],\n"
		"\t\t\t\"action\": \"SCMP_ACT_ALLOW\",\n\t\t\t\"args\": [",
		name);
	for (i = 0; i < alternative->count; i++) {
		fputs(i ? "," : "", out);
		condition_write(&alternative->list[i], out);
	}
	fputs("\n\t\t\t]\n\t\t}", out);
}

/* Those that are allowed whatever their arguments are in one rule, the others in one for each kind. */
static void rules_print(const struct policy *policy, FILE *out)
{
	const struct rule *rule;
	const char *comma = "";
	size_t i, k;

	fputs("\t\"syscalls\": [\n\t\t{\n\t\t\t\"names\": [", out);
	for (i = 0; i < policy->rule_count; i++) {
		rule = &policy->rules[i];
		if (rule->is_refused || rule->alternative_count)
			continue;
		fprintf(out, "%s\n\t\t\t\t\"%s\"", comma, rule->name);
		comma = ",";
	}
	fputs("\n\t\t\t],\n\t\t\t\"action\": \"SCMP_ACT_ALLOW\"\n\t\t}", out);
	for (i = 0; i < policy->rule_count; i++) {
		rule = &policy->rules[i];
		for (k = 0; k < rule->alternative_count; k++)
			alternative_write(rule->name, &rule->alternatives[k], out);
		if (rule->is_refused)
			fprintf(out,
				",\n\t\t{\n\t\t\t\"names\": [\n\t\t\t\t\"%s\"\n\t\t\t],\n"
				"\t\t\t\"action\": \"SCMP_ACT_ERRNO\",\n"
				"\t\t\t\"errnoRet\": 38\n\t\t}",
				rule->name);
	}
	fputs("\n\t]\n", out);
}

int seccomp_emit(const struct model *model, const struct emit_options *options, FILE *out,
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
	if (!application && options->phase_serving)
		return err_set(err, -ENODATA,
			       "the recording holds no call that was made after a serving mark");
	if (!any)
		return err_set(err, -ENODATA,
			       "the recording holds no system call that a profile could name");
	denied_warn(model, options, workload, &policy);
	start_warn(model, options, workload, &policy);
	fputs("{\n\t\"defaultAction\": \"SCMP_ACT_ERRNO\",\n\t\"defaultErrnoRet\": 38,\n", out);
	architectures_print(&policy, out);
	rules_print(&policy, out);
	fputs("}\n", out);
	return 0;
}
