/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Accesses to files against a profile's rules, and rules as text that can be compared. */
#include <stdlib.h>
#include <string.h>

#include "aa_internal.h"
#include "aa_match.h"
#include "model/fact.h"

static bool glob_matches(const struct aa_rule *rule, const struct aa_glob *glob, const char *path)
{
	bool matches = aa_glob_match(glob, path, &rule->work->left);

	if (!rule->work->left && !rule->work->last)
		rule->work->last = rule;
	return matches;
}

bool aa_rule_matches(const struct aa_rule *rule, const struct aa_access *access)
{
	size_t i;

	if (rule->class == AA_ALL)
		return true;
	if (rule->class != AA_FILE && rule->class != AA_LINK)
		return false;
	if (rule->owner && !access->owner)
		return false;
	if (!rule->path)
		return true;
	if (rule->trouble)
		return false;
	for (i = 0; i < rule->glob_count; i++)
		if (glob_matches(rule, rule->globs[i], access->path))
			return true;
	return false;
}

#define PERMS_ALL UINT32_MAX

/* What the rules say of one access, all together. */
struct verdict {
	uint32_t allowed, denied;
	bool leaves;
};

static void entries_ask(const struct aa_file *file, size_t profile, const char *path,
			const struct aa_access *access, struct verdict *verdict)
{
	size_t count, i;
	const struct aa_entry *entries = aa_entries_find(file, profile, path, &count);

	for (i = 0; i < count; i++) {
		const struct aa_rule *rule = entries[i].rule;
		uint32_t perms = rule->class == AA_ALL ? PERMS_ALL : rule->perms;

		if (rule->class != AA_ALL && rule->owner && !access->owner)
			continue;
		if (entries[i].glob && !glob_matches(rule, entries[i].glob, access->path))
			continue;
		*(rule->deny ? &verdict->denied : &verdict->allowed) |= perms;
		verdict->leaves |= !rule->deny && rule->transition >= AA_TRANSITION_LEAVE;
	}
}

uint32_t aa_profile_lacks(const struct aa_file *file, size_t profile,
			  const struct aa_access *access, uint32_t *ret_denied)
{
	uint32_t needed = access->perms;
	struct verdict verdict = {};

	entries_ask(file, profile, NULL, access, &verdict);
	entries_ask(file, profile, access->path, access, &verdict);
	if (needed & PERM_EXEC && !(verdict.leaves && access->child))
		needed |= PERM_MAP;
	if (needed & PERM_EXEC && !access->child)
		needed &= ~(uint32_t)PERM_EXEC;
	if (needed & PERM_MAP)
		needed |= PERM_READ;
	if (ret_denied)
		*ret_denied = needed & verdict.denied;
	return needed & ~(verdict.allowed & ~verdict.denied);
}

/* "r", "w" before "m": two spellings of one rule are one text. */
static void perms_print(const char *word, FILE *out)
{
	static const char order[] = "mrwaklpPcCuUix";
	const char *letter;

	for (letter = order; *letter; letter++)
		if (strchr(word, *letter))
			fputc(*letter, out);
}

/* A list in parentheses with a comma and a blank between its words, as leastcall writes them. */
static void word_print(const char *word, FILE *out)
{
	bool blank = false, quoted = false;
	char last = '(';

	for (; *word; word++) {
		if (*word == '"')
			quoted = !quoted;
		if (!quoted && strchr(" \t\r\n,", *word) && strchr(word, ')')) {
			blank = true;
			continue;
		}
		if (blank && *word != ')' && last != '(')
			fputs(", ", out);
		blank = false;
		last = *word;
		fputc(last, out);
	}
}

char *aa_rule_text(const struct aa_rule *rule)
{
	const struct aa_words *words = &rule->words;
	size_t size = 0, i, perms = SIZE_MAX;
	char *text = NULL;
	FILE *out = xmemstream(&text, &size);
	bool file = words->count && !strcmp(words->list[0], "file");

	fprintf(out, "%s%s%s", rule->audit ? "audit " : "", rule->deny ? "deny " : "",
		rule->owner ? "owner " : "");
	if (rule->class == AA_FILE && words->count >= 2u + file) {
		/* Letters may stand in front of the path. */
		i = file;
		perms = strpbrk(words->list[i], "/@\"") ? i + 1 : i;
		fprintf(out, "%s ", words->list[perms == i ? i + 1 : i]);
		perms_print(words->list[perms], out);
		i += 2;
	} else {
		i = 0;
	}
	for (; i < words->count; i++) {
		fputs(i ? " " : "", out);
		word_print(words->list[i], out);
	}
	fclose(out);
	return text;
}
