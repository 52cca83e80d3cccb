/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A profile with more names in it, or fewer. Knows nothing of runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit.h"
#include "policy/policy_merge.h"
#include "util/output.h"
#include "verify.h"

/* Refused names stay, for a rule of the profile says so. */
static void names_leave(struct policy *policy, const struct names *without)
{
	size_t used = 0, i;

	for (i = 0; i < policy->rule_count; i++) {
		struct rule rule = policy->rules[i];

		if (rule.is_refused || !names_have(without, rule.name))
			policy->rules[used++] = rule;
		else
			free(rule.alternatives);
	}
	policy->rule_count = used;
}

int profile_change(const char *path, const struct names *added, const struct names *without,
		   char **ret, size_t *ret_size, struct err *err)
{
	_cleanup_policy_ struct policy policy = {};
	struct policy_defaults defaults;
	struct emit_options options;
	FILE *out;
	int r = policy_read(path, &policy, &defaults, err);

	if (r == 0)
		r = policy_defaults_options(&defaults, &options, err);
	if (r)
		return r;
	for (size_t i = 0; added && i < added->count; i++)
		policy_add(&policy,
			   &(struct rule){.name = added->list[i], .reason = REASON_DENIED});
	if (without)
		names_leave(&policy, without);
	policy_settle(&policy, NULL);
	out = xmemstream(ret, ret_size);
	r = seccomp_emit(&policy, &options, out, err);
	fclose(out);
	if (r == 0)
		return 0;
	free(*ret);
	*ret = NULL;
	return r;
}

/* The table's own word, which outlives a policy; NULL where there is no such call. */
static const char *word_of(const char *name)
{
	uint32_t nr;

	for (int abi = 0; abi < ABI_COUNT; abi++)
		if (syscall_number((enum abi)abi, name, &nr))
			return syscall_name((enum abi)abi, nr);
	return NULL;
}

int profile_names(const char *path, struct names *ret, struct err *err)
{
	_cleanup_policy_ struct policy policy = {};
	struct policy_defaults defaults;
	int r = policy_read(path, &policy, &defaults, err);

	if (r)
		return r;
	if (defaults.is_open)
		return err_set(err, -EINVAL,
			       "%s lists what is denied, and allows everything else: there is "
			       "nothing to leave out",
			       path);
	if (defaults.is_logged)
		return err_set(
			err, -EINVAL,
			"%s lets everything run, and logs what it does not name: nothing can "
			"be missing in it",
			path);
	for (size_t i = 0; i < policy.rule_count; i++) {
		const char *word = word_of(policy.rules[i].name);

		if (word && !policy.rules[i].is_refused)
			names_add(ret, word);
	}
	names_settle(ret);
	return 0;
}
