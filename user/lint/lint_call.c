/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The names of calls, and the rules of one call together: libseccomp makes one answer of all of them,
 * and drops in silence what contradicts it. Knows nothing of what a profile ought to hold.
 */
#include <errno.h>

#include "lint_internal.h"

static int name_order(const void *a, const void *b)
{
	const struct lint_name *one = a, *two = b;
	int order = strcmp(one->name, two->name);

	return order ? order : number_compare(one->node->offset, two->node->offset);
}

static void names_gather(struct linter *linter)
{
	const struct lint_rule *rule;
	const struct node *node;
	size_t count = 0;

	for (rule = linter->rules; rule < linter->rules + linter->rule_count; rule++)
		count += node_count(rule->names);
	linter->names = xcalloc(count, sizeof(*linter->names));
	for (rule = linter->rules; rule < linter->rules + linter->rule_count; rule++) {
		for (node = rule->names ? rule->names->child : NULL; node; node = node->next) {
			if (node->kind != NODE_STRING)
				lint_add(linter->lint, LINT_WRONG_TYPE, node->offset,
					 "a call is named by a string, as \"read\"");
			else if (!*node->text)
				lint_add(linter->lint, LINT_NAME_EMPTY, node->offset,
					 "an empty name: runc refuses the profile");
			else
				linter->names[linter->name_count++] = (struct lint_name){
					.name = node->text, .node = node, .rule = rule};
		}
	}
	if (linter->name_count)
		qsort(linter->names, linter->name_count, sizeof(*linter->names), name_order);
}

/* A name that the rule's author meant to deny and that is passed over is a call that is allowed. */
static bool is_denying(const struct linter *linter, const struct lint_name *name)
{
	return linter->has_default && action_allows(linter->default_action) &&
	       name->rule->has_action && !action_allows(name->rule->action);
}

static void name_check(struct linter *linter, const struct lint_name *name)
{
	bool denying = is_denying(linter, name);
	enum lint_id unknown = denying ? LINT_CALL_UNKNOWN_DENIED : LINT_CALL_UNKNOWN;
	const char *nearest;

	if (seccomp_syscall_resolve_name(name->name) != __NR_SCMP_ERROR)
		return;
	if (syscall_is_known(name->name)) {
		if (linter->has_default && name->rule->has_action &&
		    name->rule->action == linter->default_action)
			return; /* passed over, it meets the same */
		lint_add(linter->lint, denying ? LINT_CALL_NEW_DENIED : LINT_CALL_NEW,
			 name->node->offset,
			 "the libseccomp here does not know %.60s: runc and crun pass over it, and "
			 "it stays %s (leastcall run goes by its number)",
			 name->name, denying ? "allowed" : "denied");
		return;
	}
	nearest = lint_lists(linter->lint, unknown) ? call_nearest(name->name) : NULL;
	lint_add(linter->lint, unknown, name->node->offset,
		 "there is no system call \"%.60s\": runc and crun pass over it, nothing is "
		 "%s%s%s%s",
		 name->name, denying ? "denied" : "allowed", nearest ? "; is \"" : "",
		 nearest ? nearest : "", nearest ? "\" meant?" : "");
}

/* By name: one finding for all, they are harmless. */
static void elsewhere_check(struct linter *linter)
{
	_cleanup_names_ struct names names = {};
	_cleanup_free_ char *joined = NULL;
	const struct lint_name *name, *first = NULL;
	uint32_t nr;
	int abi;

	for (abi = 0; abi < ABI_COUNT && !linter->abis[abi];)
		abi++;
	if (abi == ABI_COUNT || !linter->has_archs || linter->lint->reader == READER_DOCKER ||
	    linter->lint->reader == READER_PODMAN)
		return;
	for (name = linter->names; name < linter->names + linter->name_count; name++) {
		for (abi = 0; abi < ABI_COUNT; abi++)
			if (linter->abis[abi] && syscall_number((enum abi)abi, name->name, &nr))
				break;
		if (abi < ABI_COUNT || !syscall_is_known(name->name))
			continue;
		if (!first || name->node->offset < first->node->offset)
			first = name;
		names_add(&names, name->name);
	}
	if (!first)
		return;
	names_settle(&names);
	joined = names_shown(names.list, names.count);
	lint_add(linter->lint, LINT_CALL_ELSEWHERE, first->node->offset,
		 "no architecture that is listed has %s: that does no harm", joined);
}

/* What becomes of a rule beside one that has no conditions. */
static void beside_check(struct linter *linter, const struct lint_name *name,
			 const struct lint_name *plain)
{
	bool same = name->rule->action == plain->rule->action;

	if (name->rule->arg_count && same)
		lint_add(linter->lint, LINT_ARGS_LOST, name->node->offset,
			 "another rule has the same action for %.60s whatever its arguments are: "
			 "what is compared here counts for nothing",
			 name->name);
	else if (name->rule->arg_count)
		lint_add(linter->lint, LINT_RULE_SHADOWED, name->node->offset,
			 "another rule is for %.60s whatever its arguments are: libseccomp drops "
			 "this one without a word",
			 name->name);
	else if (same)
		lint_add(linter->lint, LINT_NAME_TWICE, name->node->offset,
			 "%.60s is named before, with the same action", name->name);
	else
		lint_add(linter->lint, LINT_RULE_SHADOWED, name->node->offset,
			 "%.60s has another action before: the first one counts, libseccomp drops "
			 "this one without a word",
			 name->name);
}

/* SCMP_CMP_NE as all of a rule, or one of the comparisons that are rules of their own. */
static const struct lint_arg *ne_find(const struct lint_name *name)
{
	return name->rule->arg_count == 1 && name->rule->args[0].op == SCMP_CMP_NE
		       ? &name->rule->args[0]
		       : NULL;
}

static void ne_check(struct linter *linter, const struct lint_name *first,
		     const struct lint_name *end)
{
	const struct lint_arg *seen[ARGS_MAX] = {}, *arg;
	const struct lint_name *name;

	for (name = first; name < end; name++) {
		arg = ne_find(name);
		if (!arg || name->rule->is_gated || !rule_counts(linter, name->rule))
			continue;
		if (!seen[arg->index])
			seen[arg->index] = arg;
		else if (seen[arg->index]->value != arg->value)
			lint_add(linter->lint, LINT_NE_OR, arg->node->offset,
				 "a second SCMP_CMP_NE for argument %u of %.60s: one of two rules "
				 "is enough, and every value differs from one of the two, so that "
				 "this "
				 "holds always",
				 arg->index, name->name);
	}
}

/* i386 makes these calls through one that has its arguments in memory. */
static bool socketcall_check(struct linter *linter, const struct lint_name *name)
{
	uint32_t multiplexer, sub;
	const char *found;

	if (!linter->abis[ABI_I386] || !name->rule->arg_count || !name->rule->has_action ||
	    !action_allows(name->rule->action) ||
	    !syscall_number(ABI_I386, "socketcall", &multiplexer))
		return false;
	for (sub = 1; (found = syscall_sub_name(ABI_I386, multiplexer, sub)); sub++) {
		if (strcmp(found, name->name) != 0)
			continue;
		lint_add(linter->lint, LINT_SOCKETCALL, name->rule->args[0].node->offset,
			 "with SCMP_ARCH_X86 listed, every 32-bit program has %.60s with any "
			 "argument: through socketcall, whose arguments no filter sees",
			 name->name);
		return true;
	}
	return false;
}

/* The rules of one call. Those that count for some containers only are not compared. */
static void group_check(struct linter *linter, const struct lint_name *first,
			const struct lint_name *end)
{
	const struct lint_name *name, *plain = NULL;

	for (name = first; name < end && !plain; name++)
		if (!name->rule->is_gated && !node_count(node_member(name->rule->node, "args")) &&
		    rule_counts(linter, name->rule))
			plain = name;
	for (name = first; plain && name < end; name++)
		if (name != plain && !name->rule->is_gated && rule_counts(linter, name->rule))
			beside_check(linter, name, plain);
	ne_check(linter, first, end);
	for (name = first; name < end && !socketcall_check(linter, name);)
		name++;
}

/* Rules that say what the default says. With ENOSYS they say why: a fallback of libc's. */
static void idle_check(struct linter *linter, const struct lint_rule *rule)
{
	if (!linter->has_default || !rule->has_action || rule->action != linter->default_action ||
	    rule->action == SCMP_ACT_ALLOW || rule->action == SCMP_ACT_ERRNO(ENOSYS))
		return;
	lint_add(linter->lint, LINT_RULE_IDLE, rule->node->offset,
		 "this rule says what the default says: runc and crun pass over it");
}

void lint_calls(struct linter *linter)
{
	const struct lint_name *name, *end, *first;
	size_t i;

	names_gather(linter);
	end = linter->names + linter->name_count;
	for (first = name = linter->names; name < end; name++) {
		if (name == first || strcmp(name->name, name[-1].name) != 0)
			name_check(linter, name);
		lint_arg_sense(linter, name);
		if (name + 1 < end && !strcmp(name->name, name[1].name))
			continue;
		group_check(linter, first, name + 1);
		first = name + 1;
	}
	elsewhere_check(linter);
	for (i = 0; i < linter->rule_count; i++)
		idle_check(linter, &linter->rules[i]);
}
