/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The comparisons of a rule's arguments. Knows what a comparison means, not what a call does. */
#include <errno.h>

#include "lint_internal.h"

/* A whole number; false where it is none, which is told. *ret is untouched then. */
static bool value_read(struct linter *linter, const struct node *object, const char *key,
		       uint64_t *ret)
{
	const struct node *node = node_member(object, key);
	unsigned long long value;

	if (!node || node->kind != NODE_NUMBER)
		return !node;
	errno = 0;
	value = strtoull(node->text, NULL, 10);
	if (node->text[strspn(node->text, "0123456789")] || errno) {
		lint_add(linter->lint, LINT_VALUE, node->offset,
			 "\"%s\" is a whole number from 0 to 18446744073709551615: %.40s is none%s",
			 key, node->text,
			 *node->text == '-' ? "; write -1 of a 32-bit argument as 4294967295" : "");
		return false;
	}
	if (value > EXACT_MAX)
		lint_add(linter->lint, LINT_VALUE_EXACT, node->offset,
			 "jq and JavaScript round numbers above 2^53: do not send this profile "
			 "through them");
	*ret = value;
	return true;
}

static bool operator_read(struct linter *linter, const struct node *object, enum scmp_compare *ret)
{
	const struct node *node = node_member(object, "op");
	const char *nearest;
	uint32_t value;

	if (!node || node->kind != NODE_STRING)
		return false;
	if (profile_word_value(node->text, profile_operators, profile_operator_count, &value)) {
		*ret = (enum scmp_compare)value;
		return true;
	}
	nearest = profile_word_nearest(node->text, profile_operators, profile_operator_count);
	lint_add(linter->lint, LINT_OP_UNKNOWN, node->offset, "there is no op \"%.60s\"%s%s%s",
		 node->text,
		 nearest ? ": is \"" : ": SCMP_CMP_EQ and SCMP_CMP_MASKED_EQ are the usual ones",
		 nearest ? nearest : "", nearest ? "\" meant?" : "");
	return false;
}

/* 1: it always holds; -1: it never does; 0: it depends. */
static int outcome(const struct lint_arg *arg)
{
	switch (arg->op) {
	case SCMP_CMP_LT:
		return arg->value ? 0 : -1;
	case SCMP_CMP_GE:
		return arg->value ? 0 : 1;
	case SCMP_CMP_GT:
		return arg->value == UINT64_MAX ? -1 : 0;
	case SCMP_CMP_LE:
		return arg->value == UINT64_MAX ? 1 : 0;
	case SCMP_CMP_MASKED_EQ:
		return arg->value ? 0 : 1;
	default:
		return 0;
	}
}

static void arg_check(struct linter *linter, const struct lint_arg *arg)
{
	const struct node *two = node_member(arg->node, "valueTwo");
	int holds = outcome(arg);

	if (arg->op == SCMP_CMP_LT || arg->op == SCMP_CMP_LE || arg->op == SCMP_CMP_GT ||
	    arg->op == SCMP_CMP_GE)
		lint_add(linter->lint, LINT_OP_RANGE, node_member(arg->node, "op")->offset,
			 "libseccomp before 2.6.1 compiles ranges of several arguments or rules "
			 "wrongly at times, and lets pass what is outside: use SCMP_CMP_EQ and "
			 "SCMP_CMP_MASKED_EQ, a rule for each value");
	if (holds > 0)
		lint_add(linter->lint, LINT_ARG_ALWAYS, arg->node->offset,
			 "this holds for every argument: it restricts nothing");
	else if (holds < 0)
		lint_add(linter->lint, LINT_ARG_NEVER, arg->node->offset,
			 "this holds for no argument: the rule does nothing");
	else if (arg->op == SCMP_CMP_MASKED_EQ && arg->second & ~arg->value)
		lint_add(linter->lint, LINT_MASK_BITS, two->offset,
			 "SCMP_CMP_MASKED_EQ is (argument & value) == valueTwo, and here valueTwo "
			 "has bits that value has not: libseccomp passes over them; are the two "
			 "numbers "
			 "swapped?");
	if (two && arg->second && arg->op != SCMP_CMP_MASKED_EQ)
		lint_add(linter->lint, LINT_VALUE_TWO, two->key_offset,
			 "only SCMP_CMP_MASKED_EQ looks at \"valueTwo\"");
}

static void arg_read(struct linter *linter, struct lint_rule *rule, const struct node *node)
{
	static const char *const needed[] = {"index", "value", "op"};
	struct lint_arg arg = {.node = node};
	uint64_t index = 0;
	bool good = true;

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (node_member(node, needed[i]))
			continue;
		good = false;
		lint_add(linter->lint, LINT_ARG_MISSING, node->offset,
			 i == 2 ? "no \"%s\": runc and crun refuse the profile"
				: "no \"%s\": runc and crun take it for 0",
			 needed[i]);
	}
	good &= value_read(linter, node, "index", &index);
	good &= value_read(linter, node, "value", &arg.value);
	good &= value_read(linter, node, "valueTwo", &arg.second);
	good &= operator_read(linter, node, &arg.op);
	if (index >= ARGS_MAX) {
		lint_add(linter->lint, LINT_INDEX_RANGE, node_member(node, "index")->offset,
			 "a call has 6 arguments, 0 to 5: runc and crun refuse the profile");
		good = false;
	}
	if (!good || rule->arg_count == CONDITIONS_MAX)
		return;
	arg.index = (unsigned int)index;
	arg_check(linter, &arg);
	rule->args[rule->arg_count++] = arg;
}

void lint_args(struct linter *linter, struct lint_rule *rule)
{
	const struct node *list = node_member(rule->node, "args"), *node;
	unsigned int i, k;

	for (node = list ? list->child : NULL; node; node = node->next)
		if (node->kind == NODE_OBJECT)
			arg_read(linter, rule, node);
	for (i = 0; i < rule->arg_count; i++) {
		for (k = 0; k < i; k++)
			if (rule->args[k].index == rule->args[i].index)
				break;
		if (k == i)
			continue;
		lint_add(linter->lint, LINT_INDEX_TWICE, rule->args[i].node->offset,
			 "argument %u is compared twice in this rule: the runtimes make a rule of "
			 "each comparison, so that one of all that are here is enough",
			 rule->args[i].index);
		return;
	}
}

/* Does the kernel look at the lower 32 bits of this argument only? */
static bool is_32_bit(const char *name, unsigned int index)
{
	const struct args_row *row = args_row(name);

	return row && row->form != ARG_POINTER && row->masks[index] &&
	       row->masks[index] <= UINT32_MAX;
}

/* Would a bit above the 32 that the kernel looks at turn the comparison to what lets the call pass? */
static bool is_bypassed(const struct linter *linter, const struct lint_rule *rule,
			const struct lint_arg *arg)
{
	if (action_allows(rule->action))
		return arg->op == SCMP_CMP_NE || arg->op == SCMP_CMP_GT || arg->op == SCMP_CMP_GE;
	if (!linter->has_default || !action_allows(linter->default_action))
		return false;
	return arg->op == SCMP_CMP_EQ || arg->op == SCMP_CMP_LT || arg->op == SCMP_CMP_LE ||
	       (arg->op == SCMP_CMP_MASKED_EQ && arg->value > UINT32_MAX);
}

void lint_arg_sense(struct linter *linter, const struct lint_name *name)
{
	const struct lint_rule *rule = name->rule;
	const struct lint_arg *arg;

	for (arg = rule->args; arg < rule->args + rule->arg_count; arg++) {
		if (!is_32_bit(name->name, arg->index) || !is_bypassed(linter, rule, arg))
			continue;
		lint_add(linter->lint, LINT_ARG_64_BIT, arg->node->offset,
			 "the kernel takes 32 bits of this argument of %.60s, the filter compares "
			 "64: "
			 "with bit 32 set the call passes; %s",
			 name->name,
			 action_allows(rule->action)
				 ? "allow values by \"op\": \"SCMP_CMP_MASKED_EQ\", \"value\": "
				   "4294967295, \"valueTwo\": THE VALUE"
				 : "write \"op\": \"SCMP_CMP_MASKED_EQ\", \"value\": 4294967295, "
				   "\"valueTwo\": THE VALUE");
	}
}
