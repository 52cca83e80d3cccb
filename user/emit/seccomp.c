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
	static const char *const words[] = {
		[COMPARE_MASKED] = "EQ", [COMPARE_NE] = "NE", [COMPARE_LT] = "LT",
		[COMPARE_LE] = "LE",     [COMPARE_GE] = "GE", [COMPARE_GT] = "GT",
	};

	fprintf(out, "\n\t\t\t\t{\n\t\t\t\t\t\"index\": %u,\n", condition->index);
	if (condition->mask == UINT64_MAX)
		fprintf(out,
			"\t\t\t\t\t\"value\": %" PRIu64 ",\n\t\t\t\t\t\"op\": \"SCMP_CMP_%s\"\n",
			condition->value, words[condition->compare]);
	else
		fprintf(out,
			"\t\t\t\t\t\"value\": %" PRIu64 ",\n\t\t\t\t\t\"valueTwo\": %" PRIu64
			",\n\t\t\t\t\t\"op\": \"SCMP_CMP_MASKED_EQ\"\n",
			condition->mask, condition->value);
	fputs("\t\t\t\t}", out);
}

/* A rule of its own up to its action; the first one has no comma before it. */
static void rule_open(const char *name, const char *action, const char **comma, FILE *out)
{
	fprintf(out,
		"%s\n\t\t{\n\t\t\t\"names\": [\n\t\t\t\t\"%s\"\n\t\t\t],\n"
		"\t\t\t\"action\": \"%s\"",
		*comma, name, action);
	*comma = ",";
}

static void alternative_write(const struct rule *rule, const struct alternative *alternative,
			      const char **comma, FILE *out)
{
	unsigned int i;

	rule_open(rule->name, "SCMP_ACT_ALLOW", comma, out);
	fputs(",\n\t\t\t\"args\": [", out);
	for (i = 0; i < alternative->count; i++) {
		fputs(i ? "," : "", out);
		condition_write(&alternative->list[i], out);
	}
	fputs("\n\t\t\t]\n\t\t}", out);
}

static void refused_write(const struct rule *rule, const char **comma, FILE *out)
{
	const char *action = rule->action ? rule->action : "SCMP_ACT_ERRNO";

	rule_open(rule->name, action, comma, out);
	if (!strcmp(action, "SCMP_ACT_ERRNO") || !strcmp(action, "SCMP_ACT_TRACE"))
		fprintf(out, ",\n\t\t\t\"errnoRet\": %u", rule->action ? rule->errnum : ENOSYS);
	fputs("\n\t\t}", out);
}

/* Those that are allowed whatever their arguments are, in one rule; there may be none. */
static void plain_write(const struct policy *policy, const char **comma, FILE *out)
{
	const char *open = "\n\t\t{\n\t\t\t\"names\": [";
	size_t i;

	for (i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = &policy->rules[i];

		if (rule->is_refused || rule->alternative_count)
			continue;
		fprintf(out, "%s\n\t\t\t\t\"%s\"", open, rule->name);
		open = ",";
	}
	if (*open == ',') {
		fputs("\n\t\t\t],\n\t\t\t\"action\": \"SCMP_ACT_ALLOW\"\n\t\t}", out);
		*comma = ",";
	}
}

/* The others one by one, each kind of arguments in a rule of its own. */
static void rules_print(const struct policy *policy, FILE *out)
{
	const struct rule *rule;
	const char *comma = "";
	size_t i, k;

	fputs("\t\"syscalls\": [", out);
	plain_write(policy, &comma, out);
	for (i = 0; i < policy->rule_count; i++) {
		rule = &policy->rules[i];
		for (k = 0; k < rule->alternative_count; k++)
			alternative_write(rule, &rule->alternatives[k], &comma, out);
		if (rule->is_refused)
			refused_write(rule, &comma, out);
	}
	fputs("\n\t]\n", out);
}

int seccomp_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
		 struct err *err)
{
	(void)options;
	(void)err;
	fputs("{\n\t\"defaultAction\": \"SCMP_ACT_ERRNO\",\n\t\"defaultErrnoRet\": 38,\n", out);
	architectures_print(policy, out);
	rules_print(policy, out);
	fputs("}\n", out);
	return 0;
}
