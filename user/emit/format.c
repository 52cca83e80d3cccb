/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Names, comments and warnings that more than one format has. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor_text.h"
#include "format.h"

char *comment_quote(const char *text)
{
	_cleanup_free_ char *shown = apparmor_comment(text);
	char *c;

	/* A comment of C ends there, or seems to begin once more. That a backslash is last, which
	 * joins lines elsewhere, the quotes see to. */
	for (c = shown; (c = strstr(c, "*/"));)
		*c = '+';
	for (c = shown; (c = strstr(c, "/*"));)
		*c = '+';
	return xasprintf("\"%s\"", shown);
}

char *policy_title(const struct policy *policy)
{
	_cleanup_free_ char *quoted = NULL;

	if (!policy->workload)
		return xstrdup("leastcall: a seccomp profile");
	quoted = comment_quote(policy->workload);
	return xasprintf("leastcall: what workload %s called", quoted);
}

#define LABEL_MAX   63
#define DIGEST_SIZE 9 /* and its dash */

char *label_make(const char *text)
{
	_cleanup_free_ char *name = apparmor_name(text);
	bool has_digest = strcmp(name, text) != 0, is_same = !has_digest;
	size_t size = strlen(name), i;
	char *label;

	for (i = 0; i < size; i++) {
		unsigned char c = (unsigned char)name[i];

		is_same &= islower(c) || isdigit(c) || (c == '-' && i && i + 1 < size);
		name[i] = isalnum(c) ? (char)tolower(c) : '-';
	}
	if (is_same && size <= LABEL_MAX)
		return take(name);
	/* A letter in front, where there would be a dash. */
	if (has_digest && size < LABEL_MAX)
		label = xasprintf("x%s", name);
	else
		label = xasprintf("x%.*s-%08x", LABEL_MAX - DIGEST_SIZE - 1, name,
				  name_digest(text));
	if (isalnum((unsigned char)label[1]))
		memmove(label, label + 1, strlen(label));
	return label;
}

enum abi policy_abi(const struct policy *policy)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT; abi++)
		if (policy->abis[abi] && policy->is_native[abi])
			return abi;
	for (abi = 0; abi < ABI_COUNT; abi++)
		if (policy->abis[abi])
			return abi;
	return ABI_X86_64;
}

void policy_names_of(const struct policy *policy, enum abi abi, struct names *ret)
{
	uint32_t number;
	size_t i;

	*ret = (struct names){};
	for (i = 0; i < policy->rule_count; i++)
		if (!policy->rules[i].is_refused &&
		    syscall_number(abi, policy->rules[i].name, &number))
			names_add(ret, policy->rules[i].name);
	names_settle(ret);
}

/* "a b c" */
static char *names_join(const struct names *names)
{
	char *text = NULL;
	size_t size = 0, i;
	FILE *out = xmemstream(&text, &size);

	for (i = 0; i < names->count; i++)
		fprintf(out, "%s%s", i ? " " : "", names->list[i]);
	fclose(out);
	return text;
}

void warn_arguments(const struct policy *policy, const struct emit_options *options,
		    const char *consumer)
{
	_cleanup_names_ struct names names = {};
	_cleanup_free_ char *list = NULL;
	size_t i;

	for (i = 0; i < policy->rule_count; i++)
		if (policy->rules[i].alternative_count)
			names_add(&names, policy->rules[i].name);
	if (!names.count || !options->warn)
		return;
	list = names_join(&names);
	options->warn(options->warn_ctx, "%s looks at no arguments: allowed whatever they are: %s",
		      consumer, list);
}

void warn_abis(const struct policy *policy, const struct emit_options *options,
	       const char *consumer)
{
	enum abi abi;

	for (abi = 0; abi < ABI_COUNT && options->warn; abi++)
		if (policy->abis[abi] && abi != policy_abi(policy))
			options->warn(options->warn_ctx,
				      "%s filters one ABI, here %s: calls of %s are not in",
				      consumer, abi_name(policy_abi(policy)), abi_name(abi));
}

void warn_refused(const struct policy *policy, const struct emit_options *options,
		  const char *consumer, const char *instead)
{
	size_t i;

	for (i = 0; i < policy->rule_count && options->warn; i++)
		if (policy->rules[i].is_refused)
			options->warn(options->warn_ctx,
				      "%s has one answer for all that is not allowed: %s meets %s, "
				      "and may not fall back",
				      consumer, policy->rules[i].name, instead);
}
