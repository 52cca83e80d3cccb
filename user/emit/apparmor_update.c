/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The profile that would be made of the recording, rule by rule, held against the one that is there.
 * Of a file rule only the letters that are missing are added.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apparmor/aa_abstractions.h"
#include "apparmor_accesses.h"
#include "apparmor_text.h"
#include "apparmor_update.h"
#include "policy/call.h"

/* The two sides. */
struct comparison {
	const struct aa_file *file; /* somebody's */
	size_t profile;
	struct aa_file made; /* ours */
	struct accesses accesses;
	struct update *update;
};

int apparmor_rules_make(const struct model *model, const struct emit_options *options,
			struct aa_file *ret, struct err *err)
{
	static const struct aa_abstractions none;
	struct emit_options own = *options;
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *out;
	int r;

	own.name = "recording";
	own.apparmor.abstractions = &none;
	out = xmemstream(&text, &size);
	r = apparmor_emit(model, &own, out, err);
	fclose(out);
	return r ? r : aa_file_parse("recording", text, size, NULL, ret, err);
}

static void denied_add(struct update *update, char *text)
{
	update->denied = xrealloc(update->denied, update->denied_count + 1, sizeof(char *));
	update->denied[update->denied_count++] = text;
}

/* What the profile lacks of one rule of ours; *denied grows by what it takes. */
static uint32_t rule_lacks(const struct comparison *sides, const struct aa_rule *rule,
			   uint32_t *denied)
{
	const char *literal = rule->glob_count == 1 ? aa_glob_literal(rule->globs[0]) : NULL;
	uint32_t lacks = 0, taken = 0;
	bool asked = false;
	size_t i;

	for (i = 0; i < sides->accesses.count; i++) {
		const struct aa_access *access = &sides->accesses.list[i];

		if (!aa_rule_matches(rule, access))
			continue;
		asked = true;
		lacks |=
			aa_profile_lacks(sides->file, sides->profile, access, &taken) & rule->perms;
		*denied |= taken;
	}
	if (asked)
		return lacks;
	/* Of a doubtful path; what is not literal was asked for by no path that can be tried. */
	if (literal)
		return aa_profile_lacks(sides->file, sides->profile,
					&(struct aa_access){.path = literal,
							    .perms = rule->perms,
							    .owner = rule->owner,
							    .child = true},
					denied) &
		       rule->perms;
	for (i = 0; i < sides->file->rule_count; i++) {
		const struct aa_rule *other = &sides->file->rules[i];

		if (other->profile == sides->profile && other->path && !other->deny &&
		    !strcmp(other->path, rule->path) && !(rule->perms & ~other->perms))
			return 0;
	}
	return rule->perms;
}

static void rule_add(const struct comparison *sides, char *text, const char *path,
		     enum aa_class class)
{
	struct update *update = sides->update;
	struct update_rule rule = {.text = text, .class = class};

	update_place(sides->file, sides->profile, path, &rule);
	update->rules = xrealloc(update->rules, update->count + 1, sizeof(*update->rules));
	update->rules[update->count++] = rule;
}

/* The variables of its path must be the profile's, too. */
static int path_check(const struct comparison *sides, const char *path, struct err *err)
{
	char **values = NULL;
	size_t count = 0;
	int r = aa_variables_expand(sides->file, sides->profile, path, &values, &count, err);

	if (r)
		return err_set(err, -EINVAL,
			       "%s cannot be added: the profile has no such variables; include "
			       "<tunables/global> in front of it",
			       path);
	aa_values_free(values, count);
	return 0;
}

static int file_rule_compare(struct comparison *sides, const struct aa_rule *rule, struct err *err)
{
	uint32_t denied = 0, lacks = rule_lacks(sides, rule, &denied);
	const char *owner = rule->owner ? "owner " : "", *word;
	char letters[8];
	size_t i;

	/* The word for the path, as it is quoted. */
	for (i = 0; i + 1 < rule->words.count && !strpbrk(rule->words.list[i], "/@"); i++)
		;
	word = rule->words.list[i];
	if (lacks & denied)
		denied_add(sides->update,
			   xasprintf("%s%s %s", owner, word, perms_text(lacks & denied, letters)));
	lacks &= ~denied;
	if (!lacks)
		return 0;
	rule_add(sides,
		 xasprintf("%s%s %s%s", owner, word,
			   apparmor_perms(lacks & ~(uint32_t)PERM_EXEC, letters),
			   lacks & PERM_EXEC ? "ix" : ""),
		 rule->path, AA_FILE);
	return path_check(sides, rule->path, err);
}

static int rule_compare(struct comparison *sides, const struct aa_rule *rule, struct err *err)
{
	char *text;

	if (rule->source || rule->profile != 0 || rule->class == AA_ABI)
		return 0;
	if (rule->class == AA_FILE)
		return file_rule_compare(sides, rule, err);
	if (rule->class == AA_LINK) {
		uint32_t denied = 0;

		if (!rule_lacks(sides, rule, &denied))
			return 0;
	} else if (aa_profile_covers(sides->file, sides->profile, &sides->made, rule)) {
		return 0;
	}
	text = aa_rule_text(rule);
	if (aa_profile_denies(sides->file, sides->profile, &sides->made, rule))
		denied_add(sides->update, text);
	else
		rule_add(sides, text, rule->path, rule->class);
	return 0;
}

/* By place; at one place in the order that a profile has. */
static void rules_sort(struct update *update)
{
	size_t i, k;

	for (i = 1; i < update->count; i++) {
		struct update_rule rule = update->rules[i];

		for (k = i; k && update->rules[k - 1].at > rule.at; k--)
			update->rules[k] = update->rules[k - 1];
		update->rules[k] = rule;
	}
}

int update_make(const struct model *model, const struct emit_options *options,
		const struct aa_file *file, size_t profile, struct update *ret, struct err *err)
{
	_cleanup_free_ char *workload = NULL;
	struct update update = {};
	struct comparison sides = {.file = file, .profile = profile, .update = &update};
	int r = workload_choose(model, options, &workload, err);
	size_t i;

	if (!r)
		r = apparmor_rules_make(model, options, &sides.made, err);
	if (r)
		return r;
	accesses_gather(model, workload, &sides.accesses);
	for (i = 0; i < sides.made.rule_count && !r; i++)
		r = rule_compare(&sides, &sides.made.rules[i], err);
	rules_sort(&update);
	accesses_drop(&sides.accesses);
	aa_file_drop(&sides.made);
	if (r)
		update_drop(&update);
	else
		*ret = update;
	return r;
}

void update_drop(struct update *update)
{
	size_t i;

	for (i = 0; i < update->count; i++)
		free(update->rules[i].text);
	for (i = 0; i < update->denied_count; i++)
		free(update->denied[i]);
	free(update->rules);
	free(update->denied);
	*update = (struct update){};
}
