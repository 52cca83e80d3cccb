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
#include "model/text.h"
#include "policy/call.h"

#define PLACE_MAX 50000000

/* The two sides. */
struct comparison {
	const struct aa_file *file; /* somebody's */
	size_t profile;
	struct aa_file made;      /* ours */
	struct accesses accesses; /* by path */
	struct update *update;
	uint64_t place_left; /* rules that may be looked at for where to put others */
};

/* What its own profile would include; here every rule is written down instead. That it stands in
 * another source keeps it from being a difference where others don't. */
static void base_add(struct aa_file *made)
{
	size_t i;

	for (i = 0; i < made->profile_count; i++) {
		struct aa_include base = {.profile = i,
					  .path = xstrdup("abstractions/base"),
					  .source = "abstractions",
					  .is_magic = true};

		made->includes =
			xrealloc(made->includes, made->include_count + 1, sizeof(*made->includes));
		made->includes[made->include_count++] = base;
	}
}

int apparmor_rules_make(const struct model *model, const struct emit_options *options,
			struct aa_file *ret, struct err *err)
{
	static const struct aa_abstractions none;
	struct emit_options own = *options;
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *out;
	int r;

	if (!own.name)
		own.name = "recording";
	own.apparmor.abstractions = &none;
	out = xmemstream(&text, &size);
	r = apparmor_emit(model, &own, out, err);
	fclose(out);
	if (!r)
		r = aa_file_parse("recording", text, size, NULL, ret, err);
	if (!r && !options->exact)
		base_add(ret);
	return r;
}

static void denied_add(struct update *update, char *text)
{
	update->denied = xrealloc(update->denied, update->denied_count + 1, sizeof(char *));
	update->denied[update->denied_count++] = text;
}

static int access_order(const void *a, const void *b)
{
	const struct aa_access *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* The first access whose path is not in front of this text. */
static size_t access_find(const struct accesses *accesses, const char *text)
{
	size_t low = 0, high = accesses->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(accesses->list[middle].path, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What the profile lacks of the accesses that the rule is for; false where there are none. */
static bool accesses_lack(const struct comparison *sides, const struct aa_rule *rule,
			  uint32_t *lacks, uint32_t *denied)
{
	bool asked = false;
	size_t i, k;

	for (k = 0; k < rule->glob_count; k++) {
		const char *prefix = aa_glob_prefix(rule->globs[k]);
		size_t size = strlen(prefix);

		for (i = access_find(&sides->accesses, prefix); i < sides->accesses.count; i++) {
			const struct aa_access *access = &sides->accesses.list[i];
			uint32_t taken = 0;

			if (strncmp(access->path, prefix, size) != 0 ||
			    (aa_glob_literal(rule->globs[k]) && access->path[size]))
				break;
			if (!aa_rule_matches(rule, access))
				continue;
			asked = true;
			*lacks |= aa_profile_lacks(sides->file, sides->profile, access, &taken) &
				  rule->perms;
			*denied |= taken;
		}
	}
	return asked;
}

/* What the profile lacks of one rule of ours; *denied grows by what it takes. */
static uint32_t rule_lacks(const struct comparison *sides, const struct aa_rule *rule,
			   uint32_t *denied)
{
	const char *literal = rule->glob_count == 1 ? aa_glob_literal(rule->globs[0]) : NULL;
	uint32_t lacks = 0;
	size_t i;

	if (accesses_lack(sides, rule, &lacks, denied))
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

/* What stands behind our own rule: "inferred", "not resolved". NULL: nothing does. */
static char *remark_find(const struct comparison *sides, const struct aa_rule *rule)
{
	const char *at = sides->made.text + rule->end;

	at += strspn(at, " ");
	return strncmp(at, "# ", 2) ? NULL : xstrndup(at + 2, strcspn(at + 2, "\n"));
}

static void rule_add(struct comparison *sides, const struct aa_rule *own, char *text)
{
	struct update *update = sides->update;
	struct update_rule rule = {
		.text = text, .remark = remark_find(sides, own), .class = own->class};

	update_place(sides->file, sides->profile, own->path, &sides->place_left, &rule);
	update->rules = xrealloc(update->rules, update->count + 1, sizeof(*update->rules));
	update->rules[update->count++] = rule;
}

/* The variables of its path must be the profile's, too. */
static int path_check(const struct comparison *sides, const char *path, struct err *err)
{
	char **values = NULL;
	size_t count = 0;
	int r = aa_variables_expand(sides->file, sides->profile, path, &values, &count, err);

	aa_values_free(values, count);
	if (r == -ENOENT)
		return err_set(err, -EINVAL,
			       "%s cannot be added: the profile has no such variables; include "
			       "<tunables/global> in front of it",
			       path);
	if (r && !aa_file_decided(sides->file, err))
		err_prefix(err, r, "%s cannot be added", path);
	return r;
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
	rule_add(sides, rule,
		 xasprintf("%s%s %s%s", owner, word,
			   apparmor_perms(lacks & ~(uint32_t)PERM_EXEC, letters),
			   lacks & PERM_EXEC ? "ix" : ""));
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
		rule_add(sides, rule, text);
	return 0;
}

static int place_order(const void *a, const void *b)
{
	const struct update_rule *x = a, *y = b;

	return x->at != y->at ? number_compare(x->at, y->at) : number_compare(x->order, y->order);
}

/* By place; at one place in the order that a profile has. */
static void rules_sort(struct update *update)
{
	size_t i;

	for (i = 0; i < update->count; i++)
		update->rules[i].order = i;
	if (update->count)
		qsort(update->rules, update->count, sizeof(*update->rules), place_order);
}

/* Does the profile's attachment match it? Where that is not understood, all are taken for its own. */
static bool is_attached(const struct aa_file *file, char **attachments, size_t count,
			const char *exe)
{
	_cleanup_free_ char *path = text_unescape(exe, NULL);
	bool matches = false;
	size_t i;

	for (i = 0; i < count && !matches; i++) {
		struct aa_glob *glob = NULL;
		struct err err = {};

		if (aa_glob_make(attachments[i], &glob, &err))
			return true;
		matches = aa_glob_match(glob, path, &file->work->left);
		aa_glob_free(glob);
	}
	return matches;
}

/* A wrapper may have been recorded, and the program have been among those that it ran: one that
 * matches will do. The caller frees what the recording is of instead. */
static char *stranger_find(const struct model *model, const char *workload,
			   const struct aa_file *file, size_t profile)
{
	static const enum fact_kind kinds[] = {FACT_SYSCALL, FACT_FILE};
	const char *attachment = file->profiles[profile].attachment, *last = NULL, *root = NULL;
	const struct fact *facts;
	char **attachments = NULL;
	size_t count, attachment_count = 0, i, k;
	bool found = false;
	struct err err = {};

	if (!attachment ||
	    aa_variables_expand(file, profile, attachment, &attachments, &attachment_count, &err))
		return NULL;
	for (k = 0; k < ARRAY_SIZE(kinds) && !found; k++) {
		count = model_facts(model, kinds[k], &facts);
		for (i = 0; i < count && !found; i++) {
			if (!facts[i].exe || !workload_is(&facts[i], workload) ||
			    (last && !strcmp(last, facts[i].exe)))
				continue;
			last = facts[i].exe;
			found = is_attached(file, attachments, attachment_count, last);
		}
	}
	aa_values_free(attachments, attachment_count);
	count = model_facts(model, FACT_WORKLOAD, &facts);
	for (i = 0; i < count && !root; i++)
		root = workload_is(&facts[i], workload) ? facts[i].workload_.root : NULL;
	root = root ? root : last;
	return found || !root ? NULL : xstrdup(root);
}

/*
 * What ran under a profile within this one is told as everybody's: its rules would go to the wrong one.
 * -ENOTSUP with the words in err.
 */
static int children_check(const struct comparison *sides, struct err *err)
{
	const struct aa_file *file = sides->file;
	bool any = false;
	size_t i, k;

	for (i = 0; i < file->profile_count && !any; i++)
		any = file->profiles[i].parent == sides->profile;
	for (i = 0; any && i < file->rule_count; i++) {
		const struct aa_rule *rule = &file->rules[i];

		if (rule->profile != sides->profile || rule->deny || !rule->path ||
		    rule->transition != AA_TRANSITION_LEAVE)
			continue;
		for (k = 0; k < sides->accesses.count; k++)
			if (sides->accesses.list[k].perms & PERM_EXEC &&
			    sides->accesses.list[k].child &&
			    aa_rule_matches(rule, &sides->accesses.list[k]))
				return err_set(err, -ENOTSUP,
					       "%s runs under another profile, which update cannot "
					       "tell from %s: "
					       "make both anew with leastcall profile apparmor "
					       "--children profile",
					       sides->accesses.list[k].path,
					       file->profiles[sides->profile].name);
	}
	return 0;
}

int update_make(const struct model *model, const struct emit_options *options,
		const struct aa_file *file, size_t profile, struct update *ret, struct err *err)
{
	_cleanup_free_ char *workload = NULL;
	struct update update = {};
	struct comparison sides = {
		.file = file, .profile = profile, .update = &update, .place_left = PLACE_MAX};
	int r = workload_choose(model, options, &workload, err);
	size_t i;

	if (!r)
		r = apparmor_rules_make(model, options, &sides.made, err);
	if (r)
		return r;
	accesses_gather(model, workload, &sides.accesses);
	if (sides.accesses.count)
		qsort(sides.accesses.list, sides.accesses.count, sizeof(*sides.accesses.list),
		      access_order);
	r = children_check(&sides, err);
	for (i = 0; i < sides.made.rule_count && !r; i++) {
		r = rule_compare(&sides, &sides.made.rules[i], err);
		/* Nothing is added by guess. */
		if (!r)
			r = aa_file_decided(file, err);
	}
	if (!r)
		r = aa_file_decided(&sides.made, err);
	rules_sort(&update);
	if (!r)
		update.stranger = stranger_find(model, workload, file, profile);
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

	for (i = 0; i < update->count; i++) {
		free(update->rules[i].text);
		free(update->rules[i].remark);
	}
	for (i = 0; i < update->denied_count; i++)
		free(update->denied[i]);
	free(update->rules);
	free(update->denied);
	free(update->stranger);
	*update = (struct update){};
}
