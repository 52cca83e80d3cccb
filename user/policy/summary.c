/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What people are told of a seccomp profile, whatever its format: how many calls, why, how risky, and
 * how it compares with Docker's default. It says nothing itself.
 */
#include <stdlib.h>
#include <string.h>

#include "summary.h"

static bool x86_64_only(const struct policy *policy)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		if (policy->abis[abi] != (abi == ABI_X86_64))
			return false;
	return true;
}

bool docker_allows(const char *name)
{
	return bsearch(&name, docker_default_names, docker_default_count,
		       sizeof(*docker_default_names), name_compare);
}

static void docker_compare(const struct policy *policy, struct seccomp_summary *ret)
{
	uint32_t nr;
	size_t i;

	for (i = 0; i < policy->rule_count; i++)
		if (!policy->rules[i].is_refused && !docker_allows(policy->rules[i].name) &&
		    syscall_number(ABI_X86_64, policy->rules[i].name, &nr))
			names_add(&ret->beyond_docker, policy->rules[i].name);
	names_settle(&ret->beyond_docker);
	for (i = 0; i < docker_default_count; i++) {
		enum tier tier = tier_of(docker_default_names[i]);

		ret->docker_count[tier]++;
		ret->closed_count[tier] += !policy_allows(policy, docker_default_names[i]);
	}
}

static void tiers_list(const struct policy *policy, struct seccomp_summary *ret)
{
	enum tier tier;
	size_t i;

	for (i = 0; i < policy->rule_count; i++) {
		tier = tier_of(policy->rules[i].name);
		if (!policy->rules[i].is_refused && tier != TIER_NONE)
			names_add(&ret->tiers[tier], policy->rules[i].name);
	}
	for (tier = 0; tier < TIERS; tier++)
		names_settle(&ret->tiers[tier]);
}

/* Is there one in the policy that the ABI has, and that comes in where `name` is? */
static bool stands_in(const struct policy *policy, enum abi abi, const char *name)
{
	uint32_t nr;
	size_t i;

	for (i = 0; i < policy->rule_count; i++)
		if (!policy->rules[i].is_refused &&
		    syscall_number(abi, policy->rules[i].name, &nr) &&
		    equivalent_row(name, policy->rules[i].name, FAMILIES_FULL))
			return true;
	return false;
}

static void lacking_add(const struct policy *policy, enum abi abi, const char *name,
			struct seccomp_summary *ret)
{
	uint32_t nr;

	if (syscall_number(abi, name, &nr))
		return;
	names_add(&ret->lacking[abi], name);
	if (!stands_in(policy, abi, name))
		names_add(&ret->lost[abi], name);
}

static void lacking_list(const struct policy *policy, struct seccomp_summary *ret)
{
	enum abi abi;
	size_t i;

	for (abi = 0; abi < ABI_COUNT; abi++) {
		if (!policy->abis[abi])
			continue;
		for (i = 0; i < policy->rule_count; i++)
			if (policy->rules[i].reason != REASON_FAMILY)
				lacking_add(policy, abi, policy->rules[i].name, ret);
		for (i = 0; i < policy->cut_count; i++)
			if (!strcmp(policy->cuts[i].why, CUT_NO_ABI))
				lacking_add(policy, abi, policy->cuts[i].name, ret);
		names_settle(&ret->lacking[abi]);
		names_settle(&ret->lost[abi]);
	}
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
	ret->called = ret->observed + policy->called_cut;
	names_settle(&ret->refused);
	policy_names(policy, REASON_RUNTIME, &ret->runtime);
	policy_names(policy, REASON_DENIED, &ret->denied);
	policy_names(policy, REASON_ALWAYS, &ret->always);
	policy_names(policy, REASON_FLOOR, &ret->floor);
	policy_names(policy, REASON_FAMILY, &ret->family);
	tiers_list(policy, ret);
	ret->has_docker = x86_64_only(policy);
	if (ret->has_docker)
		docker_compare(policy, ret);
	if (policy->is_translated)
		lacking_list(policy, ret);
}

void seccomp_summary_drop(struct seccomp_summary *summary)
{
	size_t i;

	names_drop(&summary->runtime);
	names_drop(&summary->denied);
	names_drop(&summary->always);
	names_drop(&summary->floor);
	names_drop(&summary->family);
	names_drop(&summary->refused);
	names_drop(&summary->beyond_docker);
	for (i = 0; i < TIERS; i++)
		names_drop(&summary->tiers[i]);
	for (i = 0; i < ABI_COUNT; i++) {
		names_drop(&summary->lacking[i]);
		names_drop(&summary->lost[i]);
	}
}
