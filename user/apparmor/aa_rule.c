/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One rule: of which kind it is, and for files the pattern and the letters. Of other kinds the words
 * are kept as they are.
 */
#include <stdlib.h>
#include <string.h>

#include "aa_internal.h"
#include "model/fact.h"

#define PERMS_ALL                                                                                  \
	(PERM_READ | PERM_WRITE | PERM_APPEND | PERM_MAP | PERM_LOCK | PERM_LINK | PERM_EXEC)

const char *const aa_class_names[AA_CLASSES] = {
	[AA_FILE] = "file",
	[AA_LINK] = "link",
	[AA_CAPABILITY] = "capability",
	[AA_NETWORK] = "network",
	[AA_UNIX] = "unix",
	[AA_SIGNAL] = "signal",
	[AA_PTRACE] = "ptrace",
	[AA_MOUNT] = "mount",
	[AA_REMOUNT] = "remount",
	[AA_UMOUNT] = "umount",
	[AA_PIVOT_ROOT] = "pivot_root",
	[AA_CHANGE_PROFILE] = "change_profile",
	[AA_DBUS] = "dbus",
	[AA_MQUEUE] = "mqueue",
	[AA_USERNS] = "userns",
	[AA_IO_URING] = "io_uring",
	[AA_RLIMIT] = "set",
	[AA_ALL] = "all",
	[AA_ABI] = "abi",
	[AA_OTHER] = "other",
};

static bool is_path(const char *word)
{
	return *word == '/' || !strncmp(word, "@{", 2) || (*word == '"' && is_path(word + 1));
}

/* Letters as in "mrwk", "rPUx". False where one of them is no letter of a rule. */
static bool perms_read(const char *word, uint32_t *ret, enum aa_transition *ret_transition)
{
	static const char letters[] = "rwamklx";
	static const uint32_t bits[] = {
		PERM_READ, PERM_WRITE | PERM_APPEND, PERM_APPEND, PERM_MAP, PERM_LOCK, PERM_LINK,
		PERM_EXEC};
	enum aa_transition transition = AA_TRANSITION_NONE;
	const char *letter;
	uint32_t perms = 0;

	for (; *word; word++) {
		letter = strchr(letters, *word);
		if (letter)
			perms |= bits[letter - letters];
		else if (*word == 'i')
			transition = transition ? transition : AA_TRANSITION_INHERIT;
		else if (strchr("uU", *word))
			transition = AA_TRANSITION_UNCONFINED;
		else if (strchr("pPcC", *word))
			transition = transition == AA_TRANSITION_UNCONFINED ? transition
									    : AA_TRANSITION_LEAVE;
		else
			return false;
	}
	*ret = perms;
	*ret_transition = transition;
	return perms != 0 && (!transition || perms & PERM_EXEC);
}

static bool file_read(struct aa_rule *rule, size_t at)
{
	char **words = rule->words.list;
	size_t count = rule->words.count;

	if (at == count) {
		rule->perms = PERMS_ALL;
		rule->transition = AA_TRANSITION_INHERIT;
		return true;
	}
	if (at + 1 >= count)
		return false;
	if (is_path(words[at]) && perms_read(words[at + 1], &rule->perms, &rule->transition))
		rule->path = aa_unquote(words[at]);
	else if (is_path(words[at + 1]) && perms_read(words[at], &rule->perms, &rule->transition))
		rule->path = aa_unquote(words[at + 1]);
	else
		return false;
	if (at + 3 < count && !strcmp(words[at + 2], "->"))
		rule->target = aa_unquote(words[at + 3]);
	return at + 2 == count || (rule->target && at + 4 == count);
}

static bool link_read(struct aa_rule *rule)
{
	char **words = rule->words.list;
	size_t count = rule->words.count, at = 1;

	if (at < count && !strcmp(words[at], "subset"))
		at++;
	if (at + 3 != count || strcmp(words[at + 1], "->") != 0)
		return false;
	rule->path = aa_unquote(words[at]);
	rule->target = aa_unquote(words[at + 2]);
	rule->perms = PERM_LINK;
	return true;
}

static enum aa_class class_of(const char *word)
{
	enum aa_class class;

	if (!strcmp(word, "unmount"))
		return AA_UMOUNT;
	if (!strcmp(word, "rlimit"))
		return AA_RLIMIT;
	for (class = 0; class < AA_OTHER; class ++)
		if (!strcmp(word, aa_class_names[class]))
			return class;
	return AA_OTHER;
}

/* Takes the words away that may stand in front of every rule. */
static void qualifiers_take(struct aa_rule *rule)
{
	struct aa_words *words = &rule->words;
	size_t taken, i;

	for (taken = 0; taken < words->count; taken++) {
		const char *word = words->list[taken];

		if (!strcmp(word, "audit"))
			rule->audit = true;
		else if (!strcmp(word, "deny"))
			rule->deny = true;
		else if (!strcmp(word, "owner"))
			rule->owner = true;
		else if (strcmp(word, "allow") != 0 && strncmp(word, "priority=", 9) != 0)
			break;
		free(words->list[taken]);
	}
	words->count -= taken;
	for (i = 0; taken && i < words->count; i++)
		words->list[i] = words->list[i + taken];
}

void aa_rule_read(struct aa_rule *rule, const char *text, size_t size)
{
	const char *first;
	bool known = true;

	aa_words_cut(text, size, &rule->words);
	qualifiers_take(rule);
	rule->class = AA_OTHER;
	if (!rule->words.count)
		return;
	first = rule->words.list[0];
	rule->class = class_of(first);
	if (rule->class == AA_LINK)
		known = link_read(rule);
	else if (rule->class == AA_FILE)
		known = file_read(rule, 1);
	else if (rule->class == AA_OTHER && file_read(rule, 0))
		rule->class = AA_FILE;
	if (!known)
		rule->class = AA_OTHER;
}

void aa_rule_drop(struct aa_rule *rule)
{
	size_t i;

	aa_words_drop(&rule->words);
	for (i = 0; i < rule->glob_count; i++)
		aa_glob_free(rule->globs[i]);
	free(rule->globs);
	free(rule->path);
	free(rule->target);
	free(rule->trouble);
}
