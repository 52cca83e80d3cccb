/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a seccomp profile lacks; where in its text that goes is seccomp_text.h's. Whether it is enough,
 * the reader of profiles decides, who reads the result again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/diff.h"
#include "policy/policy_read.h"
#include "rules.h"
#include "seccomp_text.h"
#include "seccomp_update.h"
#include "tables/tables.h"

/* A profile, and what it was read from or made of. */
struct version {
	struct policy policy;
	struct policy_defaults defaults;
};

static void version_drop(struct version *version)
{
	policy_drop(&version->policy);
}
#define _cleanup_version_ __attribute__((cleanup(version_drop)))

static struct diff_side side_of(const struct version *version, const struct model *model)
{
	return (struct diff_side){&version->policy, &version->defaults, model,
				  version->policy.workload};
}

/* What `b` lets through and `a` does not, as lines. The caller frees it. */
static char *news(const struct version *a, const struct version *b, const struct model *model)
{
	struct diff_side before = side_of(a, NULL), after = side_of(b, model);
	_cleanup_diff_ struct diff diff = {};
	char *text = NULL;
	size_t size = 0;
	FILE *out = xmemstream(&text, &size);

	diff_make(&before, &after, &diff);
	diff_keep_new(&diff);
	diff_print(&diff, out);
	fclose(out);
	return text;
}

static bool is_fallback(const char *name)
{
	size_t i;

	for (i = 0; i < fallback_count; i++)
		if (!strcmp(fallback_rows[i].name, name))
			return true;
	return false;
}

/* What the text answers as a kernel without that call does, so that libraries fall back, and `wanted`
 * allows, was refused for it was not called: the text without these. The caller frees it. */
static char *fallbacks_take_out(const char *text, const struct version *old,
				const struct version *wanted)
{
	_cleanup_names_ struct names called = {};
	size_t i;

	for (i = 0; i < old->policy.rule_count; i++) {
		const struct rule *rule = &old->policy.rules[i];

		if (rule->is_refused && !rule->alternative_count && rule->errnum == ENOSYS &&
		    !strcmp(rule->action, "SCMP_ACT_ERRNO") && is_fallback(rule->name) &&
		    policy_allows(&wanted->policy, rule->name))
			names_add(&called, rule->name);
	}
	names_settle(&called);
	return called.count ? seccomp_text_without(text, &called) : xstrdup(text);
}

/* Two rules of a profile that answer a call differently are none: what it refuses stays refused. */
static bool is_refused(const struct policy *policy, const char *name)
{
	const struct rule *rule = policy_find(policy, name);

	return (rule && rule->is_refused) || policy_refusal_find(policy, name);
}

/* The rules that `old` lacks of those of `wanted`. */
static void lacking(const struct version *old, const struct version *wanted, struct policy *ret)
{
	struct diff_side before = side_of(old, NULL), after = side_of(wanted, NULL);
	_cleanup_diff_ struct diff diff = {};
	const struct rule *rule;
	size_t i;

	memcpy(ret->abis, wanted->policy.abis, sizeof(ret->abis));
	diff_make(&before, &after, &diff);
	diff_keep_new(&diff);
	for (i = 0; i < diff.count; i++) {
		if (diff.list[i].kind != DIFF_ADDED && diff.list[i].kind != DIFF_WIDENED &&
		    diff.list[i].kind != DIFF_CHANGED)
			continue;
		rule = policy_find(&wanted->policy, diff.list[i].name);
		if (rule && !rule->is_refused && !is_refused(&old->policy, rule->name))
			policy_add(ret, rule);
	}
	policy_settle(ret, NULL);
}

/* The text with the rules, or NULL where it has no list of rules. The caller frees it. */
static char *rules_insert(const char *text, const struct policy *rules,
			  const struct emit_options *options)
{
	size_t size = 0;
	_cleanup_free_ char *made = rules_json(rules, options, &size);

	return seccomp_text_add(text, made);
}

void seccomp_update_drop(struct seccomp_update *update)
{
	free(update->text);
	free(update->added);
	free(update->left);
}

int seccomp_update_make(const char *text, size_t size, const struct model *model,
			const struct emit_options *options, struct seccomp_update *ret,
			struct err *err)
{
	_cleanup_version_ struct version old = {}, wanted = {}, rest = {}, made = {};
	_cleanup_seccomp_update_ struct seccomp_update update = {};
	_cleanup_policy_ struct policy rules = {};
	_cleanup_free_ char *without = NULL;
	struct emit_options emit = *options;
	int r = policy_parse(text, size, &old.policy, &old.defaults, err);

	emit.observed = true;
	wanted.defaults = policy_defaults_of(&emit);
	if (!r)
		r = policy_make(model, &emit, &wanted.policy, err);
	if (r)
		return r;
	without = fallbacks_take_out(text, &old, &wanted);
	r = policy_parse(without, strlen(without), &rest.policy, &rest.defaults, err);
	if (r)
		return r;
	lacking(&rest, &wanted, &rules);
	if (rules.rule_count) {
		update.text = rules_insert(without, &rules, &emit);
		if (!update.text)
			return err_set(err, -EINVAL, "there is no \"syscalls\" to add rules to");
		r = policy_parse(update.text, strlen(update.text), &made.policy, &made.defaults,
				 err);
		if (r)
			return err_prefix(err, r, "the profile with the rules");
	}
	update.added = update.text ? news(&old, &made, model) : xstrdup("");
	update.left = news(update.text ? &made : &old, &wanted, model);
	*ret = update;
	update = (struct seccomp_update){};
	return 0;
}
