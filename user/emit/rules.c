/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * config-linux.md, "Seccomp", and what its readers add to it or lack: moby/profiles
 * seccomp/seccomp.go (Docker), container-libs common/pkg/seccomp/types.go (Podman),
 * security-profiles-operator api/seccompprofile/v1.
 *
 * The default errno is ENOSYS, 38: it is what a kernel without the call answers, so that libc falls
 * back to an older call; without it runc and crun answer unknown calls differently.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"

/* What one document is written with. */
struct writer {
	struct tree *tree;
	const struct policy *policy;
	const struct emit_options *options;
	const struct rules_dialect *dialect;
};

static const char *const reason_comments[REASONS] = {
	[REASON_OBSERVED] = "observed",
	[REASON_RUNTIME] = "observed between the filter and the application's execve",
	[REASON_DENIED] = "denied while recording",
	[REASON_ALWAYS] = "every program may come to make them",
	[REASON_FLOOR] = "the container's runtime makes them behind the filter",
	[REASON_FAMILY] = "in place of others",
	[REASON_GIVEN] = "given",
};

/* The ABIs whose calls the kernel of one machine takes, its own first. */
static const enum abi machines[][3] = {
	{ABI_X86_64, ABI_I386, ABI_X32},
	{ABI_AARCH64, ABI_ARM, ABI_COUNT},
	{ABI_RISCV64, ABI_COUNT, ABI_COUNT},
};

static size_t abi_count(const struct policy *policy)
{
	size_t count = 0, abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		count += policy->abis[abi];
	return count;
}

static void arch_map_write(const struct writer *writer)
{
	const bool *abis = writer->policy->abis;
	size_t i, k;

	tree_list(writer->tree, "archMap");
	for (i = 0; i < ARRAY_SIZE(machines); i++) {
		bool has_any = false;

		for (k = 0; k < 3; k++)
			has_any |= machines[i][k] < ABI_COUNT && abis[machines[i][k]];
		if (!has_any)
			continue;
		tree_map(writer->tree, NULL);
		tree_text(writer->tree, "architecture", abi_scmp_name(machines[i][0]));
		tree_list(writer->tree, "subArchitectures");
		for (k = 1; k < 3; k++)
			if (machines[i][k] < ABI_COUNT && abis[machines[i][k]])
				tree_text(writer->tree, NULL, abi_scmp_name(machines[i][k]));
		tree_end(writer->tree);
		tree_end(writer->tree);
	}
	tree_end(writer->tree);
}

/* The runtimes start from the native ABI; people look for it first. */
static void architectures_write(const struct writer *writer)
{
	const struct policy *policy = writer->policy;
	enum abi abi;
	int pass;

	if (writer->dialect->has_arch_map && abi_count(policy) > 1) {
		arch_map_write(writer);
		return;
	}
	tree_list(writer->tree, "architectures");
	for (pass = 0; pass < 2; pass++)
		for (abi = 0; abi < ABI_COUNT; abi++)
			if (policy->abis[abi] && policy->is_native[abi] == (pass == 0))
				tree_text(writer->tree, NULL, abi_scmp_name(abi));
	tree_end(writer->tree);
}

static void errno_write(const struct writer *writer, const char *key, const char *name_key,
			uint32_t errnum)
{
	const char *name = errno_name(errnum);

	tree_number(writer->tree, key, errnum);
	if (writer->dialect->has_errno_names && name)
		tree_text(writer->tree, name_key, name);
}

static void default_write(const struct writer *writer)
{
	uint32_t errnum = refusal_errnum(writer->options);
	bool is_lost = writer->dialect->has_no_errno || writer->dialect->loses_errno;

	tree_text(writer->tree, "defaultAction", refusal_action(writer->options->refusal));
	if (writer->options->refusal != REFUSAL_ERRNO)
		return;
	if (!writer->dialect->has_no_errno)
		errno_write(writer, "defaultErrnoRet", "defaultErrno", errnum);
	if (is_lost && writer->dialect->consumer && errnum != ENOSYS && errnum != EPERM &&
	    writer->options->warn)
		writer->options->warn(writer->options->warn_ctx,
				      "%s answers EPERM to what is not allowed, not %s",
				      writer->dialect->consumer,
				      errno_name(errnum) ? errno_name(errnum) : "that errno");
}

/* A condition in numbers that the reader can hold: false where nothing of it is left. The top bits
 * that it cannot hold go unlooked at, and that is told. */
static bool condition_fit(const struct writer *writer, const char *name,
			  struct condition *condition)
{
	uint64_t max = writer->dialect->number_max;

	if (!max ||
	    (condition->value <= max && (condition->compare != COMPARE_MASKED ||
					 condition->mask == UINT64_MAX || condition->mask <= max)))
		return true;
	if (writer->options->warn)
		writer->options->warn(writer->options->warn_ctx,
				      "%s holds no numbers above %llu: of argument %u of %s only "
				      "what is below that is compared",
				      writer->dialect->consumer, (unsigned long long)max,
				      condition->index, name);
	if (condition->compare != COMPARE_MASKED)
		return false;
	condition->mask &= max;
	condition->value &= max;
	return condition->mask;
}

static void condition_write(const struct writer *writer, const struct condition *condition)
{
	static const char *const words[] = {
		[COMPARE_MASKED] = "SCMP_CMP_EQ", [COMPARE_NE] = "SCMP_CMP_NE",
		[COMPARE_LT] = "SCMP_CMP_LT",     [COMPARE_LE] = "SCMP_CMP_LE",
		[COMPARE_GE] = "SCMP_CMP_GE",     [COMPARE_GT] = "SCMP_CMP_GT",
	};
	struct tree *tree = writer->tree;

	tree_map(tree, NULL);
	tree_number(tree, "index", condition->index);
	if (condition->mask == UINT64_MAX) {
		tree_number(tree, "value", condition->value);
		tree_text(tree, "op", words[condition->compare]);
	} else {
		tree_number(tree, "value", condition->mask);
		tree_number(tree, "valueTwo", condition->value);
		tree_text(tree, "op", "SCMP_CMP_MASKED_EQ");
	}
	tree_end(tree);
}

static void action_write(const struct writer *writer, const char *action, const char *comment)
{
	tree_text(writer->tree, "action", action);
	if (writer->dialect->has_comments && comment)
		tree_text(writer->tree, "comment", comment);
}

/* A rule of its own, up to its action; the caller ends the map. */
static void rule_open(const struct writer *writer, const char *name, const char *action,
		      const char *comment)
{
	tree_map(writer->tree, NULL);
	tree_list(writer->tree, "names");
	tree_text(writer->tree, NULL, name);
	tree_end(writer->tree);
	action_write(writer, action, comment);
}

static void conditions_write(const struct writer *writer, const char *name,
			     const struct alternative *alternative)
{
	struct condition fit[CALL_ARGS];
	unsigned int count = 0, i;

	for (i = 0; i < alternative->count; i++) {
		fit[count] = alternative->list[i];
		count += condition_fit(writer, name, &fit[count]);
	}
	if (!count)
		return;
	tree_list(writer->tree, "args");
	for (i = 0; i < count; i++)
		condition_write(writer, &fit[i]);
	tree_end(writer->tree);
}

static void alternative_write(const struct writer *writer, const struct rule *rule,
			      const struct alternative *alternative)
{
	rule_open(writer, rule->name, "SCMP_ACT_ALLOW", reason_comments[rule->reason]);
	conditions_write(writer, rule->name, alternative);
	tree_end(writer->tree);
}

static void answer_write(const struct writer *writer, const struct answer *answer)
{
	if (!strcmp(answer->action, "SCMP_ACT_ERRNO") || !strcmp(answer->action, "SCMP_ACT_TRACE"))
		errno_write(writer, "errnoRet", "errno", answer->errnum);
}

static void refused_write(const struct writer *writer, const struct rule *rule)
{
	struct answer answer = {"SCMP_ACT_ERRNO", ENOSYS};

	if (rule->action)
		answer = (struct answer){rule->action, rule->errnum};
	rule_open(writer, rule->name, answer.action, "never allowed, so that libraries fall back");
	answer_write(writer, &answer);
	tree_end(writer->tree);
}

/* As they were read. */
static void refusal_write(const struct writer *writer, const struct refused_call *refusal)
{
	size_t i;

	for (i = 0; i < refusal->count; i++) {
		rule_open(writer, refusal->name, refusal->answers[i].action,
			  reason_comments[REASON_GIVEN]);
		answer_write(writer, &refusal->answers[i]);
		conditions_write(writer, refusal->name, &refusal->list[i]);
		tree_end(writer->tree);
	}
}

/* Those that are allowed whatever their arguments are, for a reason or, with REASONS, for any: one
 * rule, and none where there are none. */
static void plain_write(const struct writer *writer, enum reason reason)
{
	const struct policy *policy = writer->policy;
	bool has_any = false;
	size_t i;

	for (i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = &policy->rules[i];

		if (rule->is_refused || rule->alternative_count ||
		    (reason != REASONS && rule->reason != reason))
			continue;
		if (!has_any) {
			tree_map(writer->tree, NULL);
			tree_list(writer->tree, "names");
			has_any = true;
		}
		tree_text(writer->tree, NULL, rule->name);
	}
	if (!has_any)
		return;
	tree_end(writer->tree);
	action_write(writer, "SCMP_ACT_ALLOW", reason == REASONS ? NULL : reason_comments[reason]);
	tree_end(writer->tree);
}

/* For those who answer EPERM whatever the profile says: the calls that libraries can do without are
 * answered by rules. */
static void fallback_write(const struct writer *writer)
{
	bool has_any = false;
	size_t i;

	for (i = 0; i < fallback_count; i++) {
		if (policy_find(writer->policy, fallback_rows[i].name) ||
		    policy_refusal_find(writer->policy, fallback_rows[i].name))
			continue;
		if (!has_any) {
			tree_map(writer->tree, NULL);
			tree_list(writer->tree, "names");
			has_any = true;
		}
		tree_text(writer->tree, NULL, fallback_rows[i].name);
	}
	if (!has_any)
		return;
	tree_end(writer->tree);
	action_write(writer, "SCMP_ACT_ERRNO", "libraries fall back where they meet ENOSYS");
	errno_write(writer, "errnoRet", "errno", ENOSYS);
	tree_end(writer->tree);
}

/* One by one where there are arguments to look at. */
static void syscalls_write(const struct writer *writer)
{
	const struct policy *policy = writer->policy;
	const struct rules_dialect *dialect = writer->dialect;
	enum reason reason;
	size_t i, k;

	tree_list(writer->tree, "syscalls");
	if (!dialect->has_comments)
		plain_write(writer, REASONS);
	for (reason = 0; dialect->has_comments && reason < REASONS; reason++)
		plain_write(writer, reason);
	for (i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = &policy->rules[i];

		for (k = 0; k < rule->alternative_count; k++)
			alternative_write(writer, rule, &rule->alternatives[k]);
		if (rule->is_refused)
			refused_write(writer, rule);
	}
	for (i = 0; i < policy->refusal_count; i++)
		refusal_write(writer, &policy->refusals[i]);
	if ((dialect->loses_errno || dialect->has_no_errno) &&
	    writer->options->refusal == REFUSAL_ERRNO && refusal_errnum(writer->options) == ENOSYS)
		fallback_write(writer);
	tree_end(writer->tree);
}

void rules_write(struct tree *tree, const struct policy *policy, const struct emit_options *options,
		 const struct rules_dialect *dialect)
{
	struct writer writer = {tree, policy, options, dialect};

	default_write(&writer);
	architectures_write(&writer);
	syscalls_write(&writer);
}

void rules_json_print(const struct policy *policy, const struct emit_options *options,
		      const struct rules_dialect *dialect, FILE *out)
{
	struct tree tree = {.form = TREE_JSON, .out = out};

	tree_map(&tree, NULL);
	rules_write(&tree, policy, options, dialect);
	tree_end(&tree);
}

char *rules_json(const struct policy *policy, const struct emit_options *options, size_t *ret_size)
{
	char *text = NULL;
	FILE *out = xmemstream(&text, ret_size);

	rules_json_print(policy, options, &(struct rules_dialect){}, out);
	fclose(out);
	return text;
}
