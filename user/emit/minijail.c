/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * minijail0's policy (minijail0(5)): "name: 1", or what the arguments must be, as "argN OP NUMBER" of
 * ==, & (one of the bits is set) and `in` (no other bit is set), joined by && and ||; "return ERRNO".
 * One ABI, whose unknown names are errors; what is not named ends the process.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "format.h"

/* (argument & mask) == value in minijail's operators: the bits of the mask that are not in the value
 * are clear, and each that is, is set. */
static void masked_print(const struct condition *condition, FILE *out)
{
	uint64_t others = ~condition->mask | condition->value;
	const char *and = "";
	unsigned int bit;

	if (others != UINT64_MAX) {
		fprintf(out, "arg%u in 0x%" PRIx64, condition->index, others);
		and = " && ";
	}
	for (bit = 0; bit < 64; bit++)
		if (condition->value >> bit & 1) {
			fprintf(out, "%sarg%u & 0x%" PRIx64, and, condition->index,
				UINT64_C(1) << bit);
			and = " && ";
		}
}

static void condition_print(const struct condition *condition, FILE *out)
{
	static const char *const signs[] = {
		[COMPARE_MASKED] = "==", [COMPARE_NE] = "!=", [COMPARE_LT] = "<",
		[COMPARE_LE] = "<=",     [COMPARE_GE] = ">=", [COMPARE_GT] = ">",
	};

	if (condition->mask == UINT64_MAX)
		fprintf(out, "arg%u %s 0x%" PRIx64, condition->index, signs[condition->compare],
			condition->value);
	else
		masked_print(condition, out);
}

static void rule_print(const struct rule *rule, FILE *out)
{
	unsigned int i;
	size_t k;

	fprintf(out, "%s: ", rule->name);
	if (rule->is_refused)
		fprintf(out, "return %u", rule->action ? rule->errnum : ENOSYS);
	else if (!rule->alternative_count)
		fputs("1", out);
	for (k = 0; k < rule->alternative_count; k++) {
		fputs(k ? " || " : "", out);
		for (i = 0; i < rule->alternatives[k].count; i++) {
			fputs(i ? " && " : "", out);
			condition_print(&rule->alternatives[k].list[i], out);
		}
	}
	fputc('\n', out);
}

int minijail_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
		  struct err *err)
{
	_cleanup_free_ char *title = policy_title(policy);
	enum abi abi = policy_abi(policy);
	uint32_t number;
	size_t i;

	(void)err;
	fprintf(out, "# %s, on %s.\n", title, abi_name(abi));
	fputs("# minijail0 -n -S FILE -- PROGRAM; -L logs what this would end the program for.\n",
	      out);
	for (i = 0; i < policy->rule_count; i++)
		if (syscall_number(abi, policy->rules[i].name, &number))
			rule_print(&policy->rules[i], out);
	if (options->warn && options->refusal != REFUSAL_KILL)
		options->warn(options->warn_ctx,
			      "minijail ends the process that calls what is not allowed: it has no "
			      "other answer to it");
	warn_abis(policy, options, "minijail");
	return 0;
}
