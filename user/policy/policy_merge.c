/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The union of policies, where there is one. How rules of one name join is policy.c's. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "diff.h"
#include "model/text.h"
#include "policy_merge.h"

/* What is written must be read again, by anybody: only what looks like a call is passed on. */
static int name_check(const char *name, struct err *err)
{
	_cleanup_free_ char *shown = NULL;
	const char *at;

	for (at = name; isalnum((unsigned char)*at) || *at == '_';)
		at++;
	if (at > name && !*at)
		return 0;
	shown = text_printable(name);
	return err_set(err, -EINVAL, "\"%.60s\" is no system call's name", shown);
}

static int defaults_check(const struct policy_defaults *a, const struct policy_defaults *b,
			  struct err *err)
{
	_cleanup_free_ char *x = answer_text(a->action, a->errnum);
	_cleanup_free_ char *y = answer_text(b->action, b->errnum);

	if (strcmp(x, y) != 0)
		return err_set(err, -EINVAL,
			       "what it does not name meets %s, and %s in the ones before it: one "
			       "profile cannot say both",
			       y, x);
	if (a->flags != b->flags)
		return err_set(err, -EINVAL, "its flags are not those of the ones before it");
	return 0;
}

int policy_take_in(struct policy *into, struct policy_defaults *into_defaults,
		   const struct policy *policy, const struct policy_defaults *defaults,
		   struct err *err)
{
	int abi, r = 0;
	size_t i;

	if (defaults->is_open)
		return err_set(
			err, -EINVAL,
			"it is a list of what is denied (defaultAction SCMP_ACT_ALLOW): only "
			"lists of what is allowed can be merged");
	if (defaults->arch_count)
		return err_set(err, -EINVAL, "%s cannot be written here", defaults->archs[0]);
	if (into_defaults->action)
		r = defaults_check(into_defaults, defaults, err);
	for (i = 0; i < policy->rule_count && !r; i++)
		r = name_check(policy->rules[i].name, err);
	if (r)
		return r;
	*into_defaults = *defaults;
	for (abi = 0; abi < ABI_COUNT; abi++)
		into->abis[abi] |= policy->abis[abi];
	into->runtime = RUNTIME_NONE;
	for (i = 0; i < policy->rule_count; i++) {
		struct rule rule = policy->rules[i];

		rule.name = policy_text_keep(into, rule.name);
		policy_add(into, &rule);
	}
	return 0;
}

int policy_defaults_options(const struct policy_defaults *defaults, struct emit_options *ret,
			    struct err *err)
{
	int refusal;

	for (refusal = 0; refusal <= REFUSAL_LOG; refusal++)
		if (!strcmp(refusal_action(refusal), defaults->action))
			break;
	if (refusal > REFUSAL_LOG)
		return err_set(err, -EINVAL, "defaultAction %s cannot be written here",
			       defaults->action);
	if (refusal == REFUSAL_ERRNO && !defaults->errnum)
		return err_set(err, -EINVAL, "defaultErrnoRet 0 cannot be written here");
	if (defaults->flags != FLAG_SPEC_ALLOW)
		return err_set(err, -EINVAL, "flags cannot be written here");
	*ret = (struct emit_options){.refusal = refusal, .errnum = defaults->errnum};
	return 0;
}
