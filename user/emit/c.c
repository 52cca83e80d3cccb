/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A function in C that loads the filter through libseccomp, to be pasted into a program. Names are
 * looked up where it runs; numbers stand beside them for a libseccomp that is older than a call.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "rules.h"

static const char head[] =
	" * Build with -lseccomp. Call it once, before threads are started; 0, or a negative "
	"errno.\n"
	" */\n"
	"#include <errno.h>\n"
	"#include <seccomp.h>\n"
	"#include <stddef.h>\n"
	"#include <stdint.h>\n"
	"\n"
	"struct leastcall_rule {\n"
	"\tconst char *name;\n"
	"\tint number; /* for a libseccomp that does not know the name; -1: none */\n"
	"\tuint32_t action;\n"
	"\tunsigned int count;\n"
	"\tstruct scmp_arg_cmp args[6];\n"
	"};\n"
	"\n";

static const char functions[] =
	"/* The rules in a filter of one architecture. */\n"
	"static int leastcall_rules_add(scmp_filter_ctx ctx, uint32_t arch)\n"
	"{\n"
	"\tsize_t i;\n"
	"\n"
	"\tfor (i = 0; i < sizeof(leastcall_rules) / sizeof(*leastcall_rules); i++) {\n"
	"\t\tconst struct leastcall_rule *rule = &leastcall_rules[i];\n"
	"\t\tint number = seccomp_syscall_resolve_name(rule->name), r;\n"
	"\n"
	"\t\tif (number == __NR_SCMP_ERROR && arch == LEASTCALL_ARCH &&\n"
	"\t\t    arch == seccomp_arch_native())\n"
	"\t\t\tnumber = rule->number;\n"
	"\t\t/* libseccomp refuses rules that say what the default says. */\n"
	"\t\tif (number == __NR_SCMP_ERROR || rule->action == LEASTCALL_DEFAULT)\n"
	"\t\t\tcontinue;\n"
	"\t\tr = seccomp_rule_add_array(ctx, rule->action, number, rule->count, rule->args);\n"
	"\t\tif (r)\n"
	"\t\t\treturn r;\n"
	"\t}\n"
	"\treturn 0;\n"
	"}\n"
	"\n"
	"/* One more architecture into the filter. */\n"
	"static int leastcall_arch_add(scmp_filter_ctx ctx, uint32_t arch)\n"
	"{\n"
	"\tscmp_filter_ctx one = seccomp_init(LEASTCALL_DEFAULT);\n"
	"\tint r = one ? 0 : -ENOMEM;\n"
	"\n"
	"\tif (!r)\n"
	"\t\tr = seccomp_arch_remove(one, seccomp_arch_native());\n"
	"\tif (!r)\n"
	"\t\tr = seccomp_arch_add(one, arch);\n"
	"\tif (!r)\n"
	"\t\tr = leastcall_rules_add(one, arch);\n"
	"\tif (!r)\n"
	"\t\tr = seccomp_merge(ctx, one);\n"
	"\tif (r && one)\n"
	"\t\tseccomp_release(one);\n"
	"\treturn r;\n"
	"}\n"
	"\n"
	"int leastcall_seccomp_load(void)\n"
	"{\n"
	"\tscmp_filter_ctx ctx = seccomp_init(LEASTCALL_DEFAULT);\n"
	"\tsize_t i;\n"
	"\tint r;\n"
	"\n"
	"\tif (!ctx)\n"
	"\t\treturn -ENOMEM;\n"
	"\tr = leastcall_rules_add(ctx, seccomp_arch_native());\n"
	"\tfor (i = 0; i < sizeof(leastcall_archs) / sizeof(*leastcall_archs) && !r; i++)\n"
	"\t\tif (leastcall_archs[i] != seccomp_arch_native())\n"
	"\t\t\tr = leastcall_arch_add(ctx, leastcall_archs[i]);\n"
	"\tif (!r)\n"
	"\t\tr = seccomp_load(ctx);\n"
	"\tseccomp_release(ctx);\n"
	"\treturn r;\n"
	"}\n";

static void action_print(const char *action, uint32_t errnum, FILE *out)
{
	fputs(action, out);
	if (!strcmp(action, "SCMP_ACT_ERRNO") || !strcmp(action, "SCMP_ACT_TRACE"))
		fprintf(out, "(%u)", errnum);
}

static void condition_print(const struct condition *condition, FILE *out)
{
	static const char *const words[] = {
		[COMPARE_MASKED] = "SCMP_CMP_EQ", [COMPARE_NE] = "SCMP_CMP_NE",
		[COMPARE_LT] = "SCMP_CMP_LT",     [COMPARE_LE] = "SCMP_CMP_LE",
		[COMPARE_GE] = "SCMP_CMP_GE",     [COMPARE_GT] = "SCMP_CMP_GT",
	};

	if (condition->mask == UINT64_MAX)
		fprintf(out, "{%u, %s, 0x%" PRIx64 "u, 0}", condition->index,
			words[condition->compare], condition->value);
	else
		fprintf(out, "{%u, SCMP_CMP_MASKED_EQ, 0x%" PRIx64 "u, 0x%" PRIx64 "u}",
			condition->index, condition->mask, condition->value);
}

static void rule_print(const struct rule *rule, const struct alternative *alternative, enum abi abi,
		       FILE *out)
{
	uint32_t number;
	unsigned int i;

	fprintf(out, "\t{\"%s\", ", rule->name);
	if (syscall_number(abi, rule->name, &number))
		fprintf(out, "%u, ", number);
	else
		fputs("-1, ", out);
	if (rule->is_refused)
		action_print(rule->action ? rule->action : "SCMP_ACT_ERRNO",
			     rule->action ? rule->errnum : ENOSYS, out);
	else
		fputs("SCMP_ACT_ALLOW", out);
	fprintf(out, ", %u, {", alternative ? alternative->count : 0);
	for (i = 0; alternative && i < alternative->count; i++) {
		fputs(i ? ", " : "", out);
		condition_print(&alternative->list[i], out);
	}
	fputs(alternative ? "}},\n" : "{0}}},\n", out);
}

static void rules_print(const struct policy *policy, FILE *out)
{
	enum abi abi = policy_abi(policy);
	size_t i, k;

	fputs("static const struct leastcall_rule leastcall_rules[] = {\n", out);
	for (i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = &policy->rules[i];

		if (!rule->alternative_count)
			rule_print(rule, NULL, abi, out);
		for (k = 0; k < rule->alternative_count; k++)
			rule_print(rule, &rule->alternatives[k], abi, out);
	}
	fputs("};\n\n", out);
}

int c_emit(const struct policy *policy, const struct emit_options *options, FILE *out,
	   struct err *err)
{
	_cleanup_free_ char *title = policy_title(policy);
	enum abi abi;

	(void)err;
	fprintf(out, "/*\n * %s.\n", title);
	fputs(head, out);
	rules_print(policy, out);
	fputs("static const uint32_t leastcall_archs[] = {", out);
	for (abi = 0; abi < ABI_COUNT; abi++)
		if (policy->abis[abi])
			fprintf(out, "%s, ", abi_scmp_name(abi));
	fputs("};\n", out);
	fprintf(out, "#define LEASTCALL_ARCH %s /* whose numbers these are */\n",
		abi_scmp_name(policy_abi(policy)));
	fputs("#define LEASTCALL_DEFAULT ", out);
	action_print(refusal_action(options->refusal), refusal_errnum(options), out);
	fputs("\n\n", out);
	fputs(functions, out);
	return 0;
}
