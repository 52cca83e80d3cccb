/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A list of rules and comments in the order of a profile, and the words that go into them. Knows no
 * class of rules but by its place. */
#include <stdlib.h>
#include <string.h>

#include "apparmor_exec.h"
#include "apparmor_rules.h"
#include "apparmor_text.h"
#include "policy/call.h"

#define NOTES_MAX 200

struct class_rule {
	enum rule_class class;
	char *text;
	const char *remark; /* a constant, or NULL */
};

void class_add(struct class_rules *rules, enum rule_class class, const char *remark,
	       const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	va_list args;
	FILE *out = xmemstream(&text, &size);

	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	fclose(out);
	if (rules->count == rules->room) {
		rules->room = rules->room ? rules->room * 2 : 16;
		rules->list = xrealloc(rules->list, rules->room, sizeof(*rules->list));
	}
	rules->list[rules->count++] = (struct class_rule){class, take(text), remark};
}

const struct fact *class_next(const struct class_rules *rules, enum fact_kind kind, size_t *at)
{
	const struct fact *facts;
	size_t count = model_facts(rules->model, kind, &facts);

	while (*at < count) {
		const struct fact *fact = &facts[(*at)++];

		if (fact_counts(fact, rules->workload, PHASES_APPLICATION) &&
		    executable_counts(rules->exes, rules->not_exes, fact->exe))
			return fact;
	}
	return NULL;
}

const struct fact *class_next_operation(const struct class_rules *rules, enum operation op,
					size_t *at)
{
	const struct fact *fact;

	while ((fact = class_next(rules, FACT_OPERATION, at)))
		if (fact->operation.op == op)
			return fact;
	return NULL;
}

void class_warn(const struct class_rules *rules, const char *words, const char *text)
{
	_cleanup_free_ char *shown = apparmor_comment(text);

	if (rules->options->warn)
		rules->options->warn(rules->options->warn_ctx, "AppArmor: %s: %s", words, shown);
}

char *class_word(const char *text)
{
	_cleanup_free_ char *path = xasprintf("/%s", text);
	char *word = apparmor_path_literal(path);

	/* A path without its slash. */
	if (word)
		memmove(strchr(word, '/'), strchr(word, '/') + 1, strlen(strchr(word, '/')));
	return word;
}

char *class_path(struct class_rules *rules, const struct fact *operation, const char *path,
		 uint32_t flags)
{
	const char *name = operation_names[operation->operation.op];
	uint32_t doubts = operation->operation.flags & ~flags;
	_cleanup_free_ char *shown = NULL;
	char *word;
	size_t bit;

	if (!path) {
		class_add(rules, RULE_NOTE, NULL, "%s: the path is not known", name);
		return NULL;
	}
	word = doubts ? NULL : apparmor_path(path);
	if (word)
		return word;
	shown = apparmor_comment(path);
	for (bit = 0; bit < PATH_FLAGS && !(doubts & 1u << bit); bit++)
		continue;
	class_add(rules, RULE_NOTE, NULL, "%s: %s: %s", name,
		  doubts         ? path_flag_names[bit]
		  : *path == '/' ? "too long for a rule"
				 : "not a path",
		  shown);
	return NULL;
}

static int rule_compare(const void *a, const void *b)
{
	const struct class_rule *x = a, *y = b;

	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* The same rule without a doubt comes first, and is the one that stays. */
static int rule_order(const void *a, const void *b)
{
	const struct class_rule *x = a, *y = b;
	int order = rule_compare(a, b);

	return order ? order : !!x->remark - !!y->remark;
}

static void notes_print(const struct class_rules *rules, size_t at, FILE *out)
{
	const char *last = "";
	size_t shown = 0, more = 0;

	fputs("\n  # no rules for these:\n", out);
	for (; at < rules->count; at++) {
		if (!strcmp(last, rules->list[at].text))
			continue;
		last = rules->list[at].text;
		if (shown++ < NOTES_MAX)
			fprintf(out, "  # %s\n", last);
		else
			more++;
	}
	if (more)
		fprintf(out, "  # and %zu more\n", more);
}

void class_rules_print(const struct class_rules *rules, FILE *out)
{
	const struct class_rule *last = NULL, *rule;
	size_t i;

	if (rules->count)
		qsort(rules->list, rules->count, sizeof(*rules->list), rule_order);
	for (i = 0; i < rules->count; i++) {
		rule = &rules->list[i];
		if (rule->class == RULE_NOTE) {
			notes_print(rules, i, out);
			return;
		}
		if (last && !rule_compare(last, rule))
			continue;
		fprintf(out, "%s  %s,%s%s\n", last && last->class == rule->class ? "" : "\n",
			rule->text, rule->remark ? " # " : "", rule->remark ? rule->remark : "");
		last = rule;
	}
}

bool class_rules_apart(const struct class_rules *rules)
{
	return rules->exes || rules->not_exes;
}

void class_rules_drop(struct class_rules *rules)
{
	size_t i;

	for (i = 0; i < rules->count; i++)
		free(rules->list[i].text);
	free(rules->list);
}
