/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Words into emit_options: what a seccomp profile is to hold. It knows no command and no format. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "policy/policy_family.h"
#include "model/model.h"
#include "policy_options.h"

enum {
	OPT_ACTION = POLICY_OPTION_FIRST,
	OPT_ALWAYS,
	OPT_ARCH,
	OPT_ARGS,
	OPT_BASE,
	OPT_DEFAULT_ERRNO,
	OPT_DENIED,
	OPT_DENY_TIER,
	OPT_DROP_ENOSYS,
	OPT_EXACT,
	OPT_FAMILIES,
	OPT_MIN_COUNT,
	OPT_NO_NEW_PRIVS,
	OPT_PHASE,
	OPT_RUNTIME,
};

static const struct option long_options[] = {
	{"action", required_argument, NULL, OPT_ACTION},
	{"always", required_argument, NULL, OPT_ALWAYS},
	{"arch", required_argument, NULL, OPT_ARCH},
	{"args", required_argument, NULL, OPT_ARGS},
	{"base", required_argument, NULL, OPT_BASE},
	{"default-errno", required_argument, NULL, OPT_DEFAULT_ERRNO},
	{"deny-tier", required_argument, NULL, OPT_DENY_TIER},
	{"drop-enosys", no_argument, NULL, OPT_DROP_ENOSYS},
	{"exact", no_argument, NULL, OPT_EXACT},
	{"families", required_argument, NULL, OPT_FAMILIES},
	{"include-denied", no_argument, NULL, OPT_DENIED},
	{"min-count", required_argument, NULL, OPT_MIN_COUNT},
	{"no-new-privs", no_argument, NULL, OPT_NO_NEW_PRIVS},
	{"phase", required_argument, NULL, OPT_PHASE},
	{"runtime", required_argument, NULL, OPT_RUNTIME},
	{},
};
struct option *policy_options_join(const struct option *own, size_t count)
{
	/* The last row of ours is the empty one. */
	struct option *all = xcalloc(count + ARRAY_SIZE(long_options), sizeof(*all));

	memcpy(all, own, count * sizeof(*all));
	memcpy(all + count, long_options, sizeof(long_options));
	return all;
}

static const char *option_word(int option)
{
	const struct option *row;

	for (row = long_options; row->name && row->val != option; row++)
		;
	return row->name;
}

/* "aarch64,arm" */
static int archs_take(const char *command, const char *list, bool ret[ABI_COUNT])
{
	_cleanup_free_ char *words = xstrdup(list);
	char *rest, *word;
	enum abi abi;

	for (word = strtok_r(words, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		if (!abi_from_name(word, &abi))
			return usage_error(command,
					   "--arch knows x86_64, i386, x32, aarch64, arm and "
					   "riscv64, not %s",
					   word);
		ret[abi] = true;
	}
	for (abi = 0; abi < ABI_COUNT; abi++)
		if (ret[abi])
			return 0;
	return usage_error(command, "--arch wants a NAME");
}

static int action_take(const char *command, const char *word, enum refusal *ret)
{
	static const char *const actions[] = {
		[REFUSAL_ERRNO] = "errno",
		[REFUSAL_KILL] = "kill",
		[REFUSAL_TRAP] = "trap",
		[REFUSAL_LOG] = "log",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		if (!strcmp(actions[i], word)) {
			*ret = i;
			return 0;
		}
	}
	return usage_error(command, "--action wants errno, kill, log or trap, not %s", word);
}

static int errno_take(const char *command, const char *word, uint32_t *ret)
{
	uint64_t number;

	if (errno_from_name(word, ret))
		return 0;
	/* 0 would tell a program that the call was made. */
	if (!option_number(word, &number) || number < 1 || number > 4095)
		return usage_error(
			command, "--default-errno wants a name (EPERM) or 1 to 4095, not %s", word);
	*ret = (uint32_t)number;
	return 0;
}

/* Options whose value is a word or a number. */
static int value_take(const char *command, int option, struct policy_options *options,
		      struct emit_options *emit)
{
	switch (option) {
	case OPT_ACTION:
		return action_take(command, optarg, &emit->refusal);
	case OPT_ARCH:
		return archs_take(command, optarg, emit->archs);
	case OPT_ARGS:
		emit->no_args = true;
		if (strcmp(optarg, "none") != 0)
			return usage_error(command, "--args wants none, not %s", optarg);
		return 0;
	case OPT_DEFAULT_ERRNO:
		options->has_errno = true;
		return errno_take(command, optarg, &emit->errnum);
	case OPT_DENY_TIER:
		if (tier_from_name(optarg, &emit->deny_tier) && emit->deny_tier != TIER_NONE)
			return 0;
		return usage_error(command,
				   "--deny-tier wants critical, high, medium, obsolete or info, "
				   "not %s",
				   optarg);
	case OPT_FAMILIES:
		if (families_from_name(optarg, &emit->families) && emit->families != FAMILIES_AUTO)
			return 0;
		return usage_error(command, "--families wants none, libc or full, not %s", optarg);
	case OPT_MIN_COUNT:
		if (option_number(optarg, &emit->min_count) && emit->min_count > 0)
			return 0;
		return usage_error(command, "--min-count wants a number from 1 on, not %s", optarg);
	default:
		return option_runtime(command, optarg, &emit->runtime);
	}
}

int policy_option_take(const char *command, int option, struct policy_options *options,
		       struct emit_options *emit)
{
	/* --exact is not for seccomp alone: only where there is no other one. */
	if (option != OPT_EXACT || !options->given)
		options->given = option_word(option);
	switch (option) {
	case OPT_ALWAYS:
		options->always = optarg;
		emit->no_always = !strcmp(optarg, "none");
		if (strcmp(optarg, "min") != 0 && strcmp(optarg, "none") != 0)
			return usage_error(command, "--always wants min or none, not %s", optarg);
		return 0;
	case OPT_BASE:
		options->base = optarg;
		return 0;
	case OPT_DENIED:
		emit->include_denied = true;
		return 0;
	case OPT_DROP_ENOSYS:
		emit->drop_enosys = true;
		return 0;
	case OPT_EXACT:
		emit->exact = true;
		return 0;
	case OPT_NO_NEW_PRIVS:
		emit->no_new_privs = true;
		return 0;
	case OPT_PHASE:
		emit->phase_serving = true;
		if (strcmp(optarg, "serving") != 0)
			return usage_error(command, "--phase wants serving, not %s", optarg);
		return 0;
	default:
		return value_take(command, option, options, emit);
	}
}

/* --exact is nothing but what was seen, as it was seen. */
static int exact_check(const char *command, const struct policy_options *options,
		       const struct emit_options *emit)
{
	bool has_archs = false;
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		has_archs |= emit->archs[abi];
	if (emit->exact && options->always && !emit->no_always)
		return usage_error(command, "--exact and --always min contradict each other");
	if (emit->exact && emit->runtime > RUNTIME_NONE)
		return usage_error(command, "--exact and --runtime %s contradict each other",
				   runtime_name(emit->runtime));
	if (emit->exact && emit->families > FAMILIES_NONE)
		return usage_error(command, "--exact and --families %s contradict each other",
				   families_name(emit->families));
	if (emit->exact && has_archs)
		return usage_error(command, "--exact and --arch contradict each other");
	if (has_archs && policy_families(emit) < FAMILIES_FULL)
		return usage_error(command,
				   "--arch and --families %s contradict each other: another "
				   "architecture has other calls",
				   families_name(emit->families));
	return 0;
}

int policy_options_check(const char *command, const struct policy_options *options,
			 const struct emit_options *emit)
{
	if (emit->phase_serving && emit->runtime > RUNTIME_NONE)
		return usage_error(command,
				   "--phase serving and --runtime %s contradict each other: no "
				   "runtime calls anything by then",
				   runtime_name(emit->runtime));
	if (options->has_errno && emit->refusal != REFUSAL_ERRNO)
		return usage_error(command, "--default-errno is for --action errno");
	if (options->base && emit->refusal == REFUSAL_LOG)
		return usage_error(command,
				   "--base and --action log contradict each other: what is logged "
				   "runs");
	return exact_check(command, options, emit);
}

int policy_options_open(struct policy_options *options, struct emit_options *emit, struct err *err)
{
	struct policy_defaults defaults;
	int r;

	if (!options->base)
		return 0;
	r = policy_read(options->base, &options->base_policy, &defaults, err);
	if (r)
		return err_prefix(err, r, "--base");
	emit->base = &options->base_policy;
	emit->base_is_open = defaults.is_open || defaults.is_logged;
	return 0;
}

void policy_options_drop(struct policy_options *options)
{
	policy_drop(&options->base_policy);
}
