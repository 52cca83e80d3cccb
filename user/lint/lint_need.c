/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a profile allows as a whole, beside what programs and runtimes need, what is dangerous, and
 * what Docker's default allows. It goes by the policy that the profile is (policy_read.h), and so has
 * nothing to say of a profile with errors.
 */
#include <errno.h>

#include "profile/filter.h"
#include "lint_internal.h"
#include "policy/policy_read.h"

/* libseccomp finishes with these in a moment, and not with many times as many. */
#define NAMES_MAX  5000
#define RANGES_MAX 24 /* rules of one call with several comparisons, not all of them EQ */

struct needs {
	struct linter *linter;
	struct policy policy;
	struct policy_defaults defaults;
	size_t place; /* of the list of rules, or of the profile */
};

/* Where the call is named first, in a rule that allows it. */
static size_t name_place(const struct needs *needs, const char *name)
{
	const struct linter *linter = needs->linter;
	size_t place = SIZE_MAX, i;

	for (i = 0; i < linter->name_count; i++)
		if (!strcmp(linter->names[i].name, name) &&
		    action_allows(linter->names[i].rule->action) &&
		    linter->names[i].node->offset < place)
			place = linter->names[i].node->offset;
	return place == SIZE_MAX ? needs->place : place;
}

/* Is it told what to do about the call, one way or another? */
static bool is_named(const struct needs *needs, const char *name)
{
	return policy_find(&needs->policy, name);
}

/* One finding for all of them, with the names between `front` and `behind`; none where there are none. */
static void names_tell(const struct needs *needs, enum lint_id id, size_t place,
		       struct names *names, const char *front, const char *behind)
{
	_cleanup_free_ char *joined = NULL;

	names_settle(names);
	if (!names->count)
		return;
	joined = names_shown(names->list, names->count);
	lint_add(needs->linter->lint, id, place, "%s%s%s", front, joined, behind);
}

/* What libc tries first and does without, where the answer is ENOSYS. */
static void fallback_check(const struct needs *needs)
{
	static const char *const calls[] = {"clone3",    "close_range", "faccessat2",
					    "fchmodat2", "openat2",     "statx"};
	const struct linter *linter = needs->linter;
	_cleanup_names_ struct names names = {};
	size_t i;

	if ((linter->default_action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
		return;
	if (!linter->has_default_errno)
		lint_add(linter->lint, LINT_ERRNO_DEFAULT, linter->default_node->offset,
			 "no \"defaultErrnoRet\": crun answers EPERM, runc EPERM or ENOSYS, as the "
			 "call is older or newer than those in the profile; write "
			 "\"defaultErrnoRet\": 38");
	if (!linter->has_default_errno || linter->default_action == SCMP_ACT_ERRNO(ENOSYS))
		return;
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (!is_named(needs, calls[i]))
			names_add(&names, calls[i]);
	names_tell(
		needs, LINT_ERRNO_FALLBACK, linter->default_node->offset, &names,
		"libc tries newer calls first, and falls back to older ones on ENOSYS (38) only; "
		"here another error is the answer to ",
		": \"defaultErrnoRet\": 38 is the answer of a kernel without them");
}

/* By a default that logs, what is not named is let through. */
static bool is_denied(const struct needs *needs, const char *name)
{
	if (needs->linter->default_action == SCMP_ACT_LOG && !is_named(needs, name))
		return false;
	return !policy_allows(&needs->policy, name);
}

/* Denied, and there is such a call in an ABI that is listed. */
static bool is_missing(const struct needs *needs, const char *name)
{
	uint32_t number;
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		if (needs->linter->abis[abi] && syscall_number(abi, name, &number))
			return is_denied(needs, name);
	return false;
}

static void needed_check(const struct needs *needs)
{
	static const struct {
		const char *name, *why;
	} calls[] = {
		{"exit_group", "no process can end in order"},
		{"futex", "threads cannot wait for each other, and runc fails at times"},
		{"rt_sigreturn", "the first signal that is handled ends the program"},
	};
	_cleanup_names_ struct names names = {};
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (is_denied(needs, calls[i].name))
			lint_add(needs->linter->lint, LINT_CALL_MISSING, needs->place,
				 "%s is not allowed: %s", calls[i].name, calls[i].why);
	for (i = 0; i < always_count; i++) {
		for (k = 0; k < ARRAY_SIZE(calls); k++)
			if (!strcmp(calls[k].name, always_rows[i].name))
				break;
		if (k == ARRAY_SIZE(calls) && is_missing(needs, always_rows[i].name))
			names_add(&names, always_rows[i].name);
	}
	if (is_denied(needs, "execve"))
		lint_add(needs->linter->lint, LINT_NO_EXECVE, needs->place,
			 "execve is not allowed: no container starts under this profile; it is one "
			 "for a program that loads it itself");
	names_tell(needs, LINT_ALWAYS_MISSING, needs->place, &names,
		   "not allowed: ", ": nearly every program makes them, if only at times");
}

static void floor_check(const struct needs *needs)
{
	const struct lint_options *options = needs->linter->options;
	enum runtime runtime = options->runtime == RUNTIME_AUTO ? RUNTIME_ANY : options->runtime;
	_cleanup_names_ struct names names = {};
	_cleanup_free_ char *front = NULL;
	size_t i;

	for (i = 0; i < floor_count; i++)
		if (floor_row_counts(&floor_rows[i], runtime, options->no_new_privs) &&
		    is_missing(needs, floor_rows[i].name))
			names_add(&names, floor_rows[i].name);
	front = xasprintf("%s makes calls behind the filter that are not allowed: ",
			  runtime == RUNTIME_ANY ? "one or other container runtime"
						 : runtime_name(runtime));
	names_tell(needs, options->runtime == RUNTIME_AUTO ? LINT_FLOOR : LINT_FLOOR_MISSING,
		   needs->place, &names, front, ": a container may not start, or only at times");
}

/* The calls that are allowed and are in the table for the same reason as this row's, in one finding;
 * but for execve, which every container needs. */
static void danger_tell(const struct needs *needs, const struct tier_row *first)
{
	static const enum lint_id ids[] = {[TIER_OBSOLETE] = LINT_TIER_OBSOLETE,
					   [TIER_MEDIUM] = LINT_TIER_MEDIUM,
					   [TIER_HIGH] = LINT_TIER_HIGH,
					   [TIER_CRITICAL] = LINT_TIER_CRITICAL};
	_cleanup_names_ struct names names = {};
	_cleanup_free_ char *behind = NULL;
	const struct tier_row *row;
	size_t place = SIZE_MAX;

	for (row = first; row < tier_rows + tier_count; row++) {
		if (row->tier != first->tier || strcmp(row->why, first->why) != 0 ||
		    !strcmp(row->name, "execve") || !policy_allows(&needs->policy, row->name))
			continue;
		names_add(&names, row->name);
		if (name_place(needs, row->name) < place)
			place = name_place(needs, row->name);
	}
	behind = xasprintf(" %s allowed: %s (%s)", names.count > 1 ? "are" : "is", first->why,
			   first->source);
	names_tell(needs, ids[first->tier], place, &names, "", behind);
}

static void danger_check(const struct needs *needs)
{
	const struct tier_row *row, *before;

	for (row = tier_rows; row < tier_rows + tier_count; row++) {
		for (before = tier_rows; before < row; before++)
			if (before->tier == row->tier && !strcmp(before->why, row->why))
				break;
		if (before == row && row->tier >= TIER_OBSOLETE)
			danger_tell(needs, row);
	}
}

static void clone3_check(const struct needs *needs)
{
	const struct rule *clone = policy_find(&needs->policy, "clone");

	if (policy_allows(&needs->policy, "clone3") && clone && clone->alternative_count)
		lint_add(needs->linter->lint, LINT_CLONE3, name_place(needs, "clone3"),
			 "clone is allowed for some flags only, but clone3 does the same, and no "
			 "filter sees its flags: answer it with \"SCMP_ACT_ERRNO\", \"errnoRet\": "
			 "38, "
			 "and libc uses clone");
}

static void docker_check(const struct needs *needs)
{
	_cleanup_names_ struct names names = {};
	const struct linter *linter = needs->linter;
	const char *name;
	uint32_t nr;
	size_t i;

	if (!linter->abis[ABI_X86_64])
		return;
	for (i = 0; i < needs->policy.rule_count; i++) {
		name = needs->policy.rules[i].name;
		if (policy_allows(&needs->policy, name) && syscall_number(ABI_X86_64, name, &nr) &&
		    !bsearch(&name, docker_default_names, docker_default_count,
			     sizeof(*docker_default_names), name_compare))
			names_add(&names, name);
	}
	names_settle(&names);
	if (names.count)
		names_tell(needs, LINT_BEYOND_DOCKER, name_place(needs, names.list[0]), &names,
			   "Docker's default profile does not allow ", "");
}

/* Several comparisons, and an op beside EQ and MASKED_EQ: libseccomp doubles the filter for each. */
static bool is_costly(const struct lint_rule *rule)
{
	unsigned int i;

	for (i = 0; i < rule->arg_count && rule->arg_count > 1; i++)
		if (rule->args[i].op != SCMP_CMP_EQ && rule->args[i].op != SCMP_CMP_MASKED_EQ)
			return true;
	return false;
}

/* What libseccomp would not finish is not given to it. */
static bool is_bounded(const struct needs *needs)
{
	const struct linter *linter = needs->linter;
	const struct lint_name *name, *end = linter->names + linter->name_count;
	size_t costly = 0;

	if (linter->name_count > NAMES_MAX) {
		lint_add(linter->lint, LINT_REFUSED, needs->place,
			 "%zu names: more than any profile has, and libseccomp takes long for them",
			 linter->name_count);
		return false;
	}
	for (name = linter->names; name < end; name++) {
		if (name > linter->names && strcmp(name->name, name[-1].name) != 0)
			costly = 0;
		costly += is_costly(name->rule);
		if (costly <= RANGES_MAX)
			continue;
		lint_add(
			linter->lint, LINT_REFUSED, name->node->offset,
			"more than %d rules of %.60s have several comparisons, with ops beside "
			"SCMP_CMP_EQ and SCMP_CMP_MASKED_EQ: libseccomp takes minutes for them, or "
			"all memory",
			RANGES_MAX, name->name);
		return false;
	}
	return true;
}

/* Would it be loaded? libseccomp and the kernel have limits of their own. */
static void load_check(const struct needs *needs)
{
	const struct filter_options options = {};
	const struct linter *linter = needs->linter;
	struct filter filter;
	struct err err = {};
	size_t start = linter->top->offset;

	if (!is_bounded(needs) || linter->lint->reader == READER_DOCKER ||
	    linter->lint->reader == READER_PODMAN)
		return;
	for (size_t i = 0; i < linter->rule_count; i++)
		if (linter->rules[i].action == SCMP_ACT_NOTIFY)
			return;
	if (filter_compile(linter->text + start, linter->top->end - start, &options, &filter, &err))
		lint_add(linter->lint, LINT_REFUSED, start, "%s", err.text);
	else
		filter_drop(&filter);
}

void lint_needs(struct linter *linter)
{
	struct needs needs = {.linter = linter, .place = linter->top->offset};
	const struct node *rules = node_member(linter->top, "syscalls");
	size_t start = linter->top->offset;
	struct err err = {};

	if (rules)
		needs.place = rules->key_offset;
	load_check(&needs);
	if (linter->lint->counts[LINT_ERROR])
		return;
	if (policy_parse(linter->text + start, linter->top->end - start, &needs.policy,
			 &needs.defaults, &err)) {
		lint_add(linter->lint, LINT_REFUSED, start, "%s", err.text);
		return;
	}
	if (!needs.defaults.is_open) {
		fallback_check(&needs);
		needed_check(&needs);
		if (linter->options->runtime != RUNTIME_NONE)
			floor_check(&needs);
		danger_check(&needs);
		clone3_check(&needs);
		docker_check(&needs);
	}
	policy_drop(&needs.policy);
}
