/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Each rule of one side against all of the other's. Of a path's pattern one path is tried; one with
 * groups is held against the same pattern only.
 */
#include <stdlib.h>
#include <string.h>

#include "aa_diff.h"
#include "aa_internal.h"
#include "model/fact.h"

/* One profile of each side. */
struct pair {
	const struct aa_file *from, *to;
	size_t from_profile, to_profile;
	bool added; /* what only `from` has is B's */
};

/* In front of and behind the classes. */
enum { ORDER_PROFILE, ORDER_HEAD, ORDER_INCLUDE, ORDER_RULES };

static void difference_add(struct aa_diff *diff, bool added, bool grants, size_t order, char *text)
{
	if (!(diff->count % 64))
		diff->list = xrealloc(diff->list, diff->count + 64, sizeof(*diff->list));
	diff->list[diff->count++] = (struct aa_difference){added, grants, text, order};
}

/* The words of a rule, to find those of the same class and profile. */
struct text {
	size_t profile;
	enum aa_class class;
	char *words;
};

struct texts {
	struct text *list;
	size_t count;
};

static int text_order(const void *a, const void *b)
{
	const struct text *x = a, *y = b;

	if (x->profile != y->profile)
		return number_compare(x->profile, y->profile);
	if (x->class != y->class)
		return number_compare(x->class, y->class);
	return strcmp(x->words, y->words);
}

static void texts_make(const struct aa_file *file, struct texts *ret)
{
	size_t i;

	*ret = (struct texts){xcalloc(file->rule_count, sizeof(*ret->list)), file->rule_count};
	for (i = 0; i < ret->count; i++)
		ret->list[i] = (struct text){file->rules[i].profile, file->rules[i].class,
					     aa_rule_text(&file->rules[i])};
	if (ret->count)
		qsort(ret->list, ret->count, sizeof(*ret->list), text_order);
}

static void texts_drop(struct texts *texts)
{
	size_t i;

	for (i = 0; i < texts->count; i++)
		free(texts->list[i].words);
	free(texts->list);
}

static bool texts_have(const struct texts *texts, size_t profile, const struct aa_rule *rule,
		       char *words)
{
	struct text text = {profile, rule->class, words};

	return texts->count && bsearch(&text, texts->list, texts->count, sizeof(text), text_order);
}

/* Does the other side allow what the rule is for? Only of what can be tried. */
static bool is_allowed(const struct pair *pair, const struct aa_rule *rule)
{
	size_t i;

	if (rule->deny || rule->audit || rule->class == AA_LINK || rule->target)
		return false;
	if (rule->class != AA_FILE)
		return aa_profile_covers(pair->to, pair->to_profile, pair->from, rule);
	for (i = 0; i < rule->glob_count; i++) {
		_cleanup_free_ char *path = aa_glob_sample(rule->globs[i]);
		struct aa_access access = {
			.path = path, .perms = rule->perms, .owner = rule->owner, .child = true};

		if (!path || aa_profile_lacks(pair->to, pair->to_profile, &access, NULL))
			return false;
	}
	return rule->glob_count && !rule->trouble && rule->transition <= AA_TRANSITION_INHERIT;
}

/* Those of all profiles: pairs[] by the profile of `from`. */
static void rules_compare(const struct pair *pairs, const struct aa_file *from,
			  const struct aa_file *to, struct aa_diff *diff)
{
	struct texts texts;
	size_t i;

	texts_make(to, &texts);
	for (i = 0; i < from->rule_count && to->work->left; i++) {
		const struct aa_rule *rule = &from->rules[i];
		const struct pair *pair;
		char *text;

		if (rule->profile == AA_NONE || rule->source)
			continue;
		pair = &pairs[rule->profile];
		if (pair->to_profile == AA_NONE || is_allowed(pair, rule))
			continue;
		text = aa_rule_text(rule);
		if (texts_have(&texts, pair->to_profile, rule, text))
			free(text);
		else
			difference_add(diff, pair->added, !rule->deny && rule->class != AA_RLIMIT,
				       ORDER_RULES + rule->class, text);
	}
	texts_drop(&texts);
}

static bool has_include(const struct pair *pair, const char *path)
{
	size_t i;

	for (i = 0; i < pair->to->include_count; i++)
		if (pair->to->includes[i].profile == pair->to_profile &&
		    !strcmp(pair->to->includes[i].path, path))
			return true;
	return false;
}

static void includes_compare(const struct pair *pair, struct aa_diff *diff)
{
	size_t i;

	for (i = 0; i < pair->from->include_count; i++) {
		const struct aa_include *include = &pair->from->includes[i];

		/* local/NAME is where others add what they like. */
		if (include->profile == pair->from_profile && !include->source &&
		    strncmp(include->path, "local/", 6) != 0 && !has_include(pair, include->path))
			difference_add(diff, pair->added, true, ORDER_INCLUDE,
				       xasprintf("include %s%s%s", include->is_magic ? "<" : "\"",
						 include->path, include->is_magic ? ">" : "\""));
	}
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void heads_compare(const struct pair *pair, struct aa_diff *diff)
{
	const struct aa_profile *from = &pair->from->profiles[pair->from_profile];
	const struct aa_profile *to = &pair->to->profiles[pair->to_profile];

	if (from->flags && !same(from->flags, to->flags))
		difference_add(diff, pair->added, true, ORDER_HEAD, xstrdup(from->flags));
	/* One that is attached to nothing may be meant for something. */
	if (from->attachment && to->attachment && !same(from->attachment, to->attachment))
		difference_add(diff, pair->added, false, ORDER_HEAD,
			       xasprintf("attached to %s", from->attachment));
}

/* The profile on the other side that stands for this one; AA_NONE: there is none. */
static size_t counterpart(const struct aa_file *from, size_t profile, const struct aa_file *to)
{
	const char *name = from->profiles[profile].name;
	size_t i, own = 0, theirs = 0, last = AA_NONE;

	for (i = 0; i < from->profile_count; i++)
		own += from->profiles[i].parent == AA_NONE;
	for (i = 0; i < to->profile_count; i++) {
		if (to->profiles[i].parent != AA_NONE)
			continue;
		theirs++;
		last = i;
	}
	if (own != 1 || theirs != 1)
		return aa_profile_find(to, name);
	if (from->profiles[profile].parent == AA_NONE)
		return last;
	/* A child: by what follows its parents' name. */
	for (i = 0; i < to->profile_count; i++)
		if (to->profiles[i].parent != AA_NONE &&
		    same(strstr(to->profiles[i].name, "//"), strstr(name, "//")))
			return i;
	return AA_NONE;
}

static void side_compare(const struct aa_file *from, const struct aa_file *to, bool added,
			 struct aa_diff *diff)
{
	_cleanup_free_ struct pair *pairs = xcalloc(from->profile_count, sizeof(*pairs));
	size_t i;

	for (i = 0; i < from->profile_count; i++) {
		pairs[i] = (struct pair){from, to, i, AA_NONE, added};
		if (from->profiles[i].is_included)
			continue;
		/* Names may be long, and alike. */
		if (!aa_work_take(to->work, NULL,
				  to->profile_count * strlen(from->profiles[i].name)))
			break;
		pairs[i].to_profile = counterpart(from, i, to);
		if (pairs[i].to_profile == AA_NONE) {
			difference_add(diff, added, true, ORDER_PROFILE,
				       xasprintf("profile %s", from->profiles[i].name));
			continue;
		}
		heads_compare(&pairs[i], diff);
		includes_compare(&pairs[i], diff);
	}
	rules_compare(pairs, from, to, diff);
}

static int difference_compare(const void *a, const void *b)
{
	const struct aa_difference *x = a, *y = b;

	if (x->added != y->added)
		return x->added ? -1 : 1;
	if (x->order != y->order)
		return number_compare(x->order, y->order);
	return strcmp(x->text, y->text);
}

int aa_diff_make(const struct aa_file *a, const struct aa_file *b, struct aa_diff *ret,
		 struct err *err)
{
	size_t used = 0, i;
	int r;

	*ret = (struct aa_diff){};
	side_compare(b, a, true, ret);
	side_compare(a, b, false, ret);
	r = aa_file_decided(a, err);
	if (!r)
		r = aa_file_decided(b, err);
	if (r) {
		aa_diff_drop(ret);
		return r;
	}
	if (ret->count)
		qsort(ret->list, ret->count, sizeof(*ret->list), difference_compare);
	for (i = 0; i < ret->count; i++) {
		if (used && !difference_compare(&ret->list[used - 1], &ret->list[i]))
			free(ret->list[i].text);
		else
			ret->list[used++] = ret->list[i];
	}
	ret->count = used;
	return 0;
}

void aa_diff_keep_new(struct aa_diff *diff)
{
	size_t used = 0, i;

	for (i = 0; i < diff->count; i++) {
		if (diff->list[i].added)
			diff->list[used++] = diff->list[i];
		else
			free(diff->list[i].text);
	}
	diff->count = used;
}

void aa_diff_drop(struct aa_diff *diff)
{
	size_t i;

	for (i = 0; i < diff->count; i++)
		free(diff->list[i].text);
	free(diff->list);
	*diff = (struct aa_diff){};
}
