/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a seccomp profile lacks, and where in its text that goes: to the end of "syscalls", a line for
 * each entry. Whether it is enough, the reader of profiles decides, who reads the result again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/diff.h"
#include "policy/policy_read.h"
#include "rules.h"
#include "seccomp_update.h"

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

/* ---- the text ---------------------------------------------------------------------------- */

/* Behind the string that begins at text[i]; the text's end where it has none. */
static size_t string_skip(const char *text, size_t i)
{
	for (i++; text[i] && text[i] != '"'; i++)
		if (text[i] == '\\' && text[i + 1])
			i++;
	return text[i] ? i + 1 : i;
}

/* The brackets of "syscalls". The text is known to be JSON. */
static bool syscalls_find(const char *text, size_t *ret_open, size_t *ret_close)
{
	static const char key[] = "\"syscalls\"";
	bool is_next = false, is_found = false;
	size_t depth = 0, i = 0, end;

	while (text[i]) {
		if (text[i] == '"') {
			end = string_skip(text, i);
			if (depth == 1)
				is_next = end - i == strlen(key) &&
					  !strncmp(text + i, key, strlen(key));
			i = end;
			continue;
		}
		if (strchr("[{", text[i]) && ++depth == 2 && is_next && text[i] == '[') {
			is_found = true;
			*ret_open = i;
		} else if (strchr("]}", text[i]) && depth-- == 2 && is_found) {
			*ret_close = i;
			return true;
		}
		i++;
	}
	return false;
}

/* The entries between the brackets, each on one line, with `between` them. Numbers stay as they are: some
 * have more digits than a double. */
static void entries_print(const char *text, size_t open, size_t close, const char *between,
			  FILE *out)
{
	size_t depth = 0, i = open + 1, end;

	while (i < close) {
		end = text[i] == '"' ? string_skip(text, i) : i + 1;
		if (strchr("[{", text[i]))
			depth++;
		else if (strchr("]}", text[i]))
			depth--;
		if (text[i] == ',' && !depth)
			fputs(between, out);
		else if (!strchr(" \t\r\n", text[i]))
			fwrite(text + i, 1, end - i, out);
		i = end;
	}
}

/* White space in front of the entries, "\n" first; " " where they are all on one line. */
static char *indentation(const char *text, size_t open, size_t close)
{
	const char *first = text + open + 1, *line = memchr(first, '\n', close - open);
	size_t blank = strspn(first, " \t\r\n"), last = close;

	if (!line)
		return xstrdup(" ");
	if (first[blank] != ']') {
		line = first + blank;
		while (line > first && line[-1] != '\n')
			line--;
		return xasprintf("\n%.*s", (int)strspn(line, " \t"), line);
	}
	while (text[last - 1] != '\n')
		last--;
	return xasprintf("\n%.*s\t", (int)(close - last), text + last);
}

/* The text with the rules, or NULL where it has no list of rules. The caller frees it. */
static char *rules_insert(const char *text, const struct policy *rules,
			  const struct emit_options *options)
{
	size_t open = 0, close = 0, from = 0, to = 0, end, size = 0;
	_cleanup_free_ char *indent = NULL, *between = NULL, *made = NULL;
	char *ret = NULL;
	FILE *out;

	made = rules_json(rules, options, &size);
	if (!syscalls_find(text, &open, &close) || !syscalls_find(made, &from, &to))
		return NULL;
	for (end = close; strchr(" \t\r\n", text[end - 1]);)
		end--;
	indent = indentation(text, open, close);
	between = xasprintf(",%s", indent);
	out = xmemstream(&ret, &size);
	fwrite(text, 1, end, out);
	if (end - 1 != open)
		fputs(between, out);
	else if (*indent == '\n')
		fputs(indent, out);
	entries_print(made, from, to, between, out);
	fputs(text + end, out);
	fclose(out);
	return ret;
}

/* ---- both -------------------------------------------------------------------------------- */

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
	_cleanup_version_ struct version old = {}, wanted = {}, made = {};
	_cleanup_seccomp_update_ struct seccomp_update update = {};
	_cleanup_policy_ struct policy rules = {};
	struct emit_options emit = *options;
	int r = policy_parse(text, size, &old.policy, &old.defaults, err);

	emit.observed = true;
	wanted.defaults = policy_defaults_of(&emit);
	if (!r)
		r = policy_make(model, &emit, &wanted.policy, err);
	if (r)
		return r;
	lacking(&old, &wanted, &rules);
	if (rules.rule_count) {
		update.text = rules_insert(text, &rules, &emit);
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
