/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Does one rule allow all that another one allows? By the words: a rule without a condition allows
 * more than one with it, a list more than a part of it. Knows the synonyms of apparmor.d(5).
 */
#include <stdlib.h>
#include <string.h>

#include "aa_internal.h"
#include "aa_match.h"

/* What reading a rule's bytes, or comparing two words, costs beside a look at a pattern's first bytes. */
#define STEPS_A_BYTE 16

/* One condition: "peer" and its values, or "peer.label" where it holds others. */
struct condition {
	char *key; /* "": what may be done: (send, receive), net_admin, inet stream */
	char *value;
};

struct conditions {
	struct condition *list;
	size_t count;
};

static void conditions_drop(struct conditions *conditions)
{
	size_t i;

	for (i = 0; i < conditions->count; i++) {
		free(conditions->list[i].key);
		free(conditions->list[i].value);
	}
	free(conditions->list);
}

static const struct {
	enum aa_class class;
	const char *word, *means; /* two words where it has a blank */
} synonyms[] = {
	{AA_SIGNAL, "w", "send"},
	{AA_SIGNAL, "write", "send"},
	{AA_SIGNAL, "r", "receive"},
	{AA_SIGNAL, "read", "receive"},
	{AA_SIGNAL, "rw", "send receive"},
	{AA_DBUS, "w", "send"},
	{AA_DBUS, "write", "send"},
	{AA_DBUS, "r", "receive"},
	{AA_DBUS, "read", "receive"},
	{AA_DBUS, "rw", "send receive"},
	{AA_UNIX, "w", "send"},
	{AA_UNIX, "write", "send"},
	{AA_UNIX, "r", "receive"},
	{AA_UNIX, "read", "receive"},
	{AA_UNIX, "rw", "send receive"},
	{AA_PTRACE, "r", "read"},
	{AA_PTRACE, "w", "trace"},
	{AA_PTRACE, "rw", "read trace"},
};

static void condition_add(struct conditions *to, const char *key, const char *value, size_t size)
{
	_cleanup_free_ char *word = xstrndup(value, size);

	if (!(to->count % 16))
		to->list = xrealloc(to->list, to->count + 16, sizeof(*to->list));
	to->list[to->count++] = (struct condition){xstrdup(key), aa_unquote(word)};
}

static void access_add(struct conditions *to, enum aa_class class, const char *value, size_t size)
{
	const char *means, *blank;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(synonyms); i++)
		if (synonyms[i].class == class && strlen(synonyms[i].word) == size &&
		    !memcmp(synonyms[i].word, value, size))
			break;
	if (i == ARRAY_SIZE(synonyms)) {
		condition_add(to, "", value, size);
		return;
	}
	means = synonyms[i].means;
	blank = strchr(means, ' ');
	condition_add(to, "", means, blank ? (size_t)(blank - means) : strlen(means));
	if (blank)
		condition_add(to, "", blank + 1, strlen(blank + 1));
}

/* Where a word of a list ends: parentheses and quotes hold together. */
static const char *item_end(const char *at, const char *end)
{
	size_t depth = 0;
	bool quoted = false;

	for (; at < end; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (!quoted && *at == '(')
			depth++;
		else if (!quoted && *at == ')' && depth)
			depth--;
		else if (!quoted && !depth && strchr(" \t\r\n,", *at))
			break;
	}
	return at;
}

/* A word or the inside of a list: "a", "(a, b)", "key=value", "key=(a b)", "peer=(label=a)". */
static void items_read(struct conditions *to, enum aa_class class, const char *key, const char *at,
		       const char *end, int depth)
{
	const char *next, *sign;

	if (end - at >= 2 && *at == '(' && end[-1] == ')') {
		at++;
		end--;
	}
	for (; at < end; at = next) {
		next = item_end(at, end);
		if (next == at) {
			next++;
			continue;
		}
		sign = *at == '"' ? NULL : memchr(at, '=', (size_t)(next - at));
		if (sign && depth < 3) {
			_cleanup_free_ char *inner =
				xasprintf("%s%s%.*s", key, *key ? "." : "", (int)(sign - at), at);

			items_read(to, class, inner, sign + 1, next, depth + 1);
		} else if (*key) {
			condition_add(to, key, at, (size_t)(next - at));
		} else if (*at == '(' && depth < 3) {
			items_read(to, class, key, at, next, depth + 1);
		} else {
			access_add(to, class, at, (size_t)(next - at));
		}
	}
}

static void conditions_read(const struct aa_rule *rule, struct conditions *ret)
{
	const char *key = "";
	size_t i;

	for (i = 1; i < rule->words.count; i++) {
		const char *word = rule->words.list[i];

		if (!strcmp(word, "->")) {
			key = "->";
			continue;
		}
		/* A path in a rule of another class: where, of what. */
		if (!*key && (*word == '/' || *word == '@' || !strncmp(word, "\"/", 2)))
			condition_add(ret, "path", word, strlen(word));
		else
			items_read(ret, rule->class, key, word, word + strlen(word), 0);
		key = "";
	}
}

static bool has_key(const struct conditions *conditions, const char *key)
{
	size_t i;

	for (i = 0; i < conditions->count; i++)
		if (!strcmp(conditions->list[i].key, key))
			return true;
	return false;
}

struct side {
	const struct aa_file *file;
	const struct aa_rule *rule;
	size_t profile;
	struct conditions conditions;
};

/* Does one of the patterns match the value? */
static bool any_matches(const struct side *a, char **wides, size_t count, const char *value)
{
	struct aa_glob *glob = NULL;
	struct err err;
	bool matches = false;
	size_t i;

	for (i = 0; i < count && !matches; i++) {
		if (!aa_work_take(a->file->work, a->rule, strlen(wides[i]) * STEPS_A_BYTE) ||
		    aa_glob_make(wides[i], &glob, &err))
			continue;
		matches = aa_glob_match(glob, value, &a->file->work->left);
		aa_glob_free(glob);
	}
	return matches;
}

/* Is each value of `narrow` one that the pattern `wide` stands for? */
static bool value_covers(const struct side *a, const char *wide, const struct side *b,
			 const char *narrow)
{
	char **wides = NULL, **narrows = NULL;
	size_t wide_count = 0, narrow_count = 0, matched = 0;
	struct err err;
	bool covers;

	if (!strcmp(wide, narrow))
		return true;
	/* What is a pattern itself can't be held against one. */
	if (narrow[strcspn(narrow, "*?[{\\")] && !strstr(narrow, "@{"))
		return false;
	if (!aa_variables_expand(a->file, a->profile, wide, &wides, &wide_count, &err))
		aa_variables_expand(b->file, b->profile, narrow, &narrows, &narrow_count, &err);
	while (matched < narrow_count && any_matches(a, wides, wide_count, narrows[matched]))
		matched++;
	covers = narrow_count && matched == narrow_count;
	aa_values_free(wides, wide_count);
	aa_values_free(narrows, narrow_count);
	return covers;
}

/* Every condition of the wide rule holds for the narrow one. */
static bool conditions_cover(const struct side *a, const struct side *b)
{
	size_t i, k;

	if (!aa_work_take(a->file->work, a->rule,
			  a->conditions.count * (b->conditions.count + 1) * STEPS_A_BYTE))
		return false;
	for (i = 0; i < a->conditions.count; i++)
		if (!has_key(&b->conditions, a->conditions.list[i].key))
			return false;
	for (k = 0; k < b->conditions.count; k++) {
		const struct condition *narrow = &b->conditions.list[k];

		if (!has_key(&a->conditions, narrow->key))
			continue;
		for (i = 0; i < a->conditions.count; i++)
			if (!strcmp(a->conditions.list[i].key, narrow->key) &&
			    value_covers(a, a->conditions.list[i].value, b, narrow->value))
				break;
		if (i == a->conditions.count)
			return false;
	}
	return true;
}

/* Family, type: in this order, each of them one word. */
static bool network_covers(const struct aa_rule *wide, const struct aa_rule *narrow)
{
	size_t i;

	if (wide->words.count > narrow->words.count)
		return false;
	for (i = 1; i < wide->words.count; i++)
		if (strcmp(wide->words.list[i], narrow->words.list[i]) != 0)
			return false;
	return true;
}

/* Coarse rules for unix sockets stand for the fine ones: apparmor.d(5), "Interaction of network rules". */
static bool network_covers_unix(const struct aa_rule *wide, const struct aa_rule *narrow)
{
	size_t i;

	if (wide->class != AA_NETWORK || narrow->class != AA_UNIX)
		return false;
	if (wide->words.count == 1)
		return true;
	if (strcmp(wide->words.list[1], "unix") != 0)
		return false;
	for (i = 1; wide->words.count > 2 && i < narrow->words.count; i++)
		if (!strncmp(narrow->words.list[i], "type=", 5))
			return !strcmp(narrow->words.list[i] + 5, wide->words.list[2]);
	return wide->words.count == 2;
}

/* `part` is one thing that the narrow rule allows. */
static bool rule_covers(const struct aa_file *file, size_t profile, const struct aa_rule *wide,
			const struct aa_rule *narrow, const struct side *part)
{
	struct side a = {.file = file, .rule = wide, .profile = profile};
	_cleanup_free_ char *one = NULL, *two = NULL;
	bool covers;

	if (wide->class == AA_ALL || network_covers_unix(wide, narrow))
		return true;
	if (wide->class != narrow->class || wide->class == AA_ABI)
		return false;
	if (!aa_work_take(file->work, wide, (wide->end - wide->start) * STEPS_A_BYTE))
		return false;
	if (wide->class == AA_NETWORK)
		return network_covers(wide, narrow);
	if (wide->class == AA_OTHER || wide->class == AA_RLIMIT) {
		one = aa_rule_text(wide);
		two = aa_rule_text(narrow);
		return !strcmp(one, two);
	}
	conditions_read(wide, &a.conditions);
	covers = conditions_cover(&a, part);
	conditions_drop(&a.conditions);
	return covers;
}

static bool any_covers(const struct aa_file *file, size_t profile, bool deny,
		       const struct aa_rule *narrow, const struct side *part)
{
	size_t i;

	for (i = 0; i < file->rule_count && aa_work_take(file->work, &file->rules[i], 1); i++)
		if (file->rules[i].profile == profile && file->rules[i].deny == deny &&
		    rule_covers(file, profile, &file->rules[i], narrow, part))
			return true;
	return false;
}

/* Lists of which every word is allowed by itself, by whichever rule. */
static bool is_list(const char *key)
{
	return !*key || !strcmp(key, "set");
}

/* Each word of the list `key` alone, with all that is no list and the word of the other list. */
static bool parts_cover(const struct aa_file *file, size_t profile, bool deny,
			const struct aa_rule *narrow, const struct side *all)
{
	const struct conditions *from = &all->conditions;
	_cleanup_free_ struct condition *list = xcalloc(from->count + 2, sizeof(*list));
	struct side part = {.file = all->file, .rule = narrow, .profile = all->profile};
	size_t fixed = 0, i, k;
	bool does = has_key(from, ""), sets = has_key(from, "set");

	for (i = 0; i < from->count; i++)
		if (!is_list(from->list[i].key))
			list[fixed++] = from->list[i];
	part.conditions.list = list;
	for (i = 0; i < (does ? from->count : 1); i++) {
		if (does && *from->list[i].key)
			continue;
		for (k = 0; k < (sets ? from->count : 1); k++) {
			if (sets && strcmp(from->list[k].key, "set") != 0)
				continue;
			part.conditions.count = fixed;
			if (does)
				list[part.conditions.count++] = from->list[i];
			if (sets)
				list[part.conditions.count++] = from->list[k];
			if (!any_covers(file, profile, deny, narrow, &part))
				return false;
		}
	}
	return true;
}

static bool covers(const struct aa_file *file, size_t profile, bool deny,
		   const struct aa_file *other, const struct aa_rule *rule)
{
	struct side all = {.file = other, .profile = rule->profile};
	bool answer;

	conditions_read(rule, &all.conditions);
	answer = parts_cover(file, profile, deny, rule, &all);
	conditions_drop(&all.conditions);
	return answer;
}

bool aa_profile_covers(const struct aa_file *file, size_t profile, const struct aa_file *other,
		       const struct aa_rule *rule)
{
	return covers(file, profile, false, other, rule);
}

bool aa_profile_denies(const struct aa_file *file, size_t profile, const struct aa_file *other,
		       const struct aa_rule *rule)
{
	return covers(file, profile, true, other, rule);
}
