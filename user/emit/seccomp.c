/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The seccomp allow-list as the OCI runtime-spec has it (config-linux.md, "Seccomp"), without the
 * words that only Docker's or Podman's reader knows; and what people are told of it. How it is
 * written is rules.c's, which rules are in it is policy.h's.
 */
#include <stdlib.h>

#include "rules.h"

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

void seccomp_summarise(const struct policy *policy, struct seccomp_summary *ret)
{
	size_t i;

	*ret = (struct seccomp_summary){.whose_floor = policy->runtime};
	for (i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = &policy->rules[i];

		if (rule->is_refused)
			names_add(&ret->refused, rule->name);
		else if (rule->reason == REASON_OBSERVED || rule->reason == REASON_RUNTIME)
			ret->observed++;
		else
			ret->added++;
		ret->narrowed += rule->alternative_count > 0;
	}
	names_settle(&ret->refused);
	policy_names(policy, REASON_RUNTIME, &ret->runtime);
	policy_names(policy, REASON_DENIED, &ret->denied);
	policy_names(policy, REASON_ALWAYS, &ret->always);
	policy_names(policy, REASON_FLOOR, &ret->floor);
	policy_names(policy, REASON_FAMILY, &ret->family);
	ret->has_docker = x86_64_only(policy);
	if (ret->has_docker)
		beyond_docker(policy, &ret->beyond_docker);
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

int seccomp_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
		 struct err *err)
{
	(void)err;
	/* It is also what dockerd is given, and before 23.0 that drops the default errno. To runc and
	 * crun a rule that says what the default says is none. */
	rules_json_print(policy, options, &(struct rules_dialect){.loses_errno = !options->exact},
			 out);
	return 0;
}
