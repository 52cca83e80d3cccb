/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Actions, and each rule by itself. Knows the words; which calls there are, and what rules do to each
 * other, is lint_call.c's.
 */
#include <errno.h>

#include "lint_internal.h"

#define KIND(action) ((action)&SECCOMP_RET_ACTION_FULL)

/* Podman's twin of the number, which wins over it. */
static uint32_t errno_word(struct linter *linter, const struct node *word, bool *ret_has)
{
	uint32_t code;

	if (errno_from_name(word->text, &code)) {
		*ret_has = true;
		return code;
	}
	lint_add(linter->lint, LINT_ERRNO_TEXT, word->offset,
		 "there is no errno \"%.30s\": ENOSYS and EPERM are the usual ones", word->text);
	return EPERM;
}

/* The errno beside an action: *ret_has is whether there is a number that can be used. */
static uint32_t errno_read(struct linter *linter, const struct node *object, const char *key,
			   bool *ret_has)
{
	const struct node *node = node_member(object, key);
	unsigned long long value;

	*ret_has = false;
	if (linter->lint->reader == READER_PODMAN) {
		_cleanup_free_ char *word_key = xstrndup(key, strlen(key) - strlen("Ret"));
		const struct node *word = node_member(object, word_key);

		if (word && word->kind == NODE_STRING)
			return errno_word(linter, word, ret_has);
	}
	if (!node)
		return EPERM;
	if (node->kind == NODE_STRING) {
		lint_add(
			linter->lint, LINT_ERRNO_TEXT, node->offset,
			"\"%s\" wants a number: 1 is EPERM, 38 ENOSYS; runc refuses a string, crun "
			"takes it for EPERM",
			key);
		return EPERM;
	}
	if (node->kind != NODE_NUMBER)
		return EPERM;
	if (node->text[strspn(node->text, "0123456789")] || strlen(node->text) > 9 ||
	    (value = strtoull(node->text, NULL, 10)) > ERRNO_MAX) {
		lint_add(linter->lint, LINT_ERRNO_RANGE, node->offset,
			 "\"%s\" is a whole number from 1 to %d: runc and crun refuse %.30s", key,
			 ERRNO_MAX, node->text);
		return EPERM;
	}
	*ret_has = true;
	return (uint32_t)value;
}

/* An action and its errno, looked at; false where it cannot be known. */
bool lint_action(struct linter *linter, const struct node *object, const char *key,
		 const char *errno_key, uint32_t *ret, bool *ret_has_errno)
{
	const struct node *node = node_member(object, key),
			  *errnum = node_member(object, errno_key);
	uint32_t number = errno_read(linter, object, errno_key, ret_has_errno);
	const char *nearest;

	if (!node || node->kind != NODE_STRING)
		return false;
	if (!strcmp(node->text, "SCMP_ACT_NOTIFY")) {
		*ret = SCMP_ACT_NOTIFY;
	} else if (!profile_word_value(node->text, profile_actions, profile_action_count, ret)) {
		nearest = profile_word_nearest(node->text, profile_actions, profile_action_count);
		lint_add(linter->lint, LINT_ACTION_UNKNOWN, node->offset,
			 "there is no action \"%.60s\"%s%s%s", node->text,
			 nearest ? ": is \""
				 : ": SCMP_ACT_ALLOW and SCMP_ACT_ERRNO are the usual ones",
			 nearest ? nearest : "", nearest ? "\" meant?" : "");
		return false;
	}
	if (*ret == SCMP_ACT_KILL_THREAD)
		lint_add(linter->lint, LINT_KILL_THREAD, node->offset,
			 "%.60s kills one thread, and the rest of the process goes on without it: "
			 "SCMP_ACT_KILL_PROCESS kills all of it",
			 node->text);
	if (KIND(*ret) == SECCOMP_RET_TRACE)
		lint_add(linter->lint, LINT_TRACE, node->offset,
			 "SCMP_ACT_TRACE asks a tracer; without one the call fails with ENOSYS");
	if (*ret == SCMP_ACT_ERRNO(0) || *ret == SCMP_ACT_TRACE(0)) {
		if (*ret == SCMP_ACT_ERRNO(0) && *ret_has_errno && !number)
			lint_add(linter->lint, LINT_ERRNO_ZERO, errnum->offset,
				 "errno 0: the call does nothing, and its caller is told that it "
				 "did");
		*ret |= number;
	} else if (errnum && *ret != SCMP_ACT_NOTIFY) {
		lint_add(
			linter->lint, LINT_ERRNO_UNUSED, errnum->key_offset,
			"\"%s\" beside %.60s, which returns no errno: crun refuses it, runc passes "
			"over it",
			errno_key, node->text);
	}
	return true;
}

static bool rule_is_gated(const struct node *rule)
{
	return node_count(node_member(rule, "includes")) ||
	       node_count(node_member(rule, "excludes"));
}

/* Where nobody answers, or where the answer would be waited for by the one who gives it. */
static void notify_check(struct linter *linter, const struct lint_rule *rule)
{
	const struct node *action = node_member(rule->node, "action"), *name;
	const struct node *path = node_member(linter->top, "listenerPath");

	if (rule->action != SCMP_ACT_NOTIFY)
		return;
	if (!path)
		lint_add(
			linter->lint, LINT_NOTIFY_AGENT, action->offset,
			"SCMP_ACT_NOTIFY without \"listenerPath\", the socket of the agent that is "
			"to answer: runc refuses it, under crun the call fails with ENOSYS");
	else
		lint_add(linter->lint, LINT_NOTIFY, action->offset,
			 "an agent must listen at listenerPath before the container starts");
	for (name = rule->names ? rule->names->child : NULL; name; name = name->next)
		if (name->kind == NODE_STRING && !strcmp(name->text, "write"))
			lint_add(linter->lint, LINT_NOTIFY_PLACE, name->offset,
				 "runc refuses SCMP_ACT_NOTIFY for write, which it needs itself");
}

static void rule_read(struct linter *linter, const struct node *node, struct lint_rule *rule)
{
	const struct node *name = node_member(node, "name");
	bool has_errno;

	rule->node = node;
	rule->names = node_member(node, "names");
	rule->is_gated = rule_is_gated(node);
	rule->has_action =
		lint_action(linter, node, "action", "errnoRet", &rule->action, &has_errno);
	if (!node_member(node, "action"))
		lint_add(linter->lint, LINT_ACTION_MISSING, node->offset,
			 "this rule has no \"action\": runc and crun refuse the profile");
	if (!name && !node_count(rule->names) && (!rule->names || rule->names->kind == NODE_ARRAY))
		lint_add(linter->lint, LINT_NAMES_MISSING,
			 rule->names ? rule->names->offset : node->offset,
			 "this rule names no call: \"names\": [\"read\", \"write\"]");
	notify_check(linter, rule);
	lint_args(linter, rule);
}

/* A default that allows, and what the rules make of it: true where that is nothing. */
static bool default_sense(struct linter *linter)
{
	const char *const words =
		"write \"defaultAction\": \"SCMP_ACT_ERRNO\" where the rules name what is allowed";
	size_t denying = 0, i, place;

	if (!linter->has_default)
		return false;
	place = linter->default_node->offset;
	for (i = 0; i < linter->rule_count; i++)
		denying += linter->rules[i].has_action && !action_allows(linter->rules[i].action) &&
			   node_count(linter->rules[i].names);
	if (linter->default_action == SCMP_ACT_LOG)
		lint_add(linter->lint, LINT_DEFAULT_LOG, place,
			 "a call that no rule names is allowed and logged: this is for trying a "
			 "profile out");
	else if (linter->default_action == SCMP_ACT_KILL_PROCESS)
		lint_add(
			linter->lint, LINT_DEFAULT_KILL, place,
			"a call that no rule names kills the process: SCMP_ACT_ERRNO lets it go on "
			"without");
	else if (linter->default_action != SCMP_ACT_ALLOW)
		return false;
	else if (!denying && linter->rule_count)
		lint_add(linter->lint, LINT_FILTERS_NOTHING, place,
			 "this profile filters nothing: SCMP_ACT_ALLOW here allows every call, "
			 "and the rules allow some of them once more; %s",
			 words);
	else if (!denying)
		lint_add(
			linter->lint, LINT_FILTERS_NOTHING, place,
			"this profile filters nothing: every call is allowed, and there is no rule "
			"that denies one");
	else
		lint_add(linter->lint, LINT_DENY_LIST, place,
			 "a list of what is denied: every other call is allowed, those of newer "
			 "kernels too; %s",
			 words);
	return linter->default_action == SCMP_ACT_ALLOW && !denying;
}

void lint_rules(struct linter *linter)
{
	const struct node *list = node_member(linter->top, "syscalls"), *node;

	linter->rules = xcalloc(RULES_MAX, sizeof(*linter->rules));
	for (node = list ? list->child : NULL; node; node = node->next) {
		if (linter->rule_count == RULES_MAX) {
			lint_add(linter->lint, LINT_JSON_LARGE, node->offset,
				 "more than %d rules: the rest is not looked at", RULES_MAX);
			break;
		}
		if (node->kind == NODE_OBJECT)
			rule_read(linter, node, &linter->rules[linter->rule_count++]);
	}
	if (!default_sense(linter))
		lint_archs(linter);
}
