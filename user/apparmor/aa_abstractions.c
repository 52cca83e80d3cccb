/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A greedy choice by gain and price. The numbers were found by trying eleven programs' recordings
 * against AppArmor 3.0's abstractions: python's pays for a Python program, nameservice's never does.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aa_abstractions.h"
#include "model/fact.h"

#define COVERS_LEAST 3 /* fewer rules are better written down */
#define PRICE_MOST   4 /* risk for each rule that is covered */

/*
 * What may be chosen unasked. Not among them: what runs helpers, reads keys, gives a user's files
 * away, or only denies.
 */
static const char *const candidates[] = {
	"base",
	"bash",
	"consoles",
	"dbus-strict",
	"dbus-session-strict",
	"dbus-accessibility-strict",
	"fonts",
	"nameservice",
	"openssl",
	"perl",
	"php",
	"python",
	"ruby",
	"ssl_certs",
	"dbus-network-manager-strict",
};

/* -ENOENT: it is not there. */
static int abstraction_add(const char *dir, const char *name, struct aa_abstractions *to,
			   struct err *err)
{
	_cleanup_free_ char *text = xasprintf("include <tunables/global>\nprofile %s {\n"
					      "  include <abstractions/%s>\n}\n",
					      name, name);
	struct aa_abstraction one = {};
	int r = aa_file_parse(name, text, strlen(text), dir, &one.file, err);
	size_t i;

	if (r)
		return r;
	for (i = 0; i < one.file.include_count; i++) {
		if (one.file.includes[i].source || one.file.includes[i].profile == AA_NONE ||
		    !one.file.includes[i].is_missing)
			continue;
		aa_file_drop(&one.file);
		return err_set(err, -ENOENT, "there is no abstraction %s in %s", name,
			       dir ? dir : "what leastcall knows itself");
	}
	one.name = xstrdup(name);
	to->list = xrealloc(to->list, to->count + 1, sizeof(*to->list));
	to->list[to->count++] = one;
	return 0;
}

static void candidates_read(const char *dir, struct aa_abstractions *ret)
{
	struct err err;
	size_t i;

	/* One that can't be read can't be included either. */
	for (i = 0; i < ARRAY_SIZE(candidates); i++)
		abstraction_add(dir, candidates[i], ret, &err);
}

/* No way out of the directory, and nothing that ends the line it is included by. */
static bool name_is_plain(const char *name)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";

	return *name && *name != '/' && !name[strspn(name, plain)] && !strstr(name, "..");
}

static int named_read(const char *dir, const char *words, struct aa_abstractions *ret,
		      struct err *err)
{
	_cleanup_free_ char *list = xstrdup(words);
	char *name, *rest;
	int r = 0;

	ret->wanted = true;
	for (name = strtok_r(list, ",", &rest); name && !r; name = strtok_r(NULL, ",", &rest)) {
		if (!name_is_plain(name))
			r = err_set(err, -EINVAL, "%s is no name of an abstraction", name);
		else
			r = abstraction_add(dir, name, ret, err);
	}
	return r;
}

int aa_abstractions_read(const char *dir, const char *words, struct aa_abstractions *ret,
			 struct err *err)
{
	struct aa_abstractions read = {};
	int r = 0;

	if (!strcmp(words, "auto"))
		candidates_read(dir, &read);
	else if (strcmp(words, "none") != 0)
		r = named_read(dir, words, &read, err);
	if (r)
		aa_abstractions_drop(&read);
	else
		*ret = read;
	return r;
}

void aa_abstractions_drop(struct aa_abstractions *abstractions)
{
	size_t i;

	for (i = 0; i < abstractions->count; i++) {
		aa_file_drop(&abstractions->list[i].file);
		free(abstractions->list[i].name);
	}
	free(abstractions->list);
	*abstractions = (struct aa_abstractions){};
}

/* Twice the risk of a rule, for one of owners is half of it. */
static unsigned int rule_risk(const struct aa_rule *rule)
{
	static const unsigned int classes[AA_CLASSES] = {
		[AA_LINK] = 3,           [AA_CAPABILITY] = 15, [AA_NETWORK] = 4, [AA_UNIX] = 2,
		[AA_SIGNAL] = 2,         [AA_PTRACE] = 4,      [AA_MOUNT] = 15,  [AA_REMOUNT] = 15,
		[AA_UMOUNT] = 15,        [AA_PIVOT_ROOT] = 15, [AA_DBUS] = 6,    [AA_MQUEUE] = 3,
		[AA_USERNS] = 15,        [AA_IO_URING] = 4,    [AA_ALL] = 100,   [AA_OTHER] = 15,
		[AA_CHANGE_PROFILE] = 15};
	unsigned int risk = classes[rule->class];

	if (rule->class == AA_FILE) {
		risk += rule->perms & (PERM_READ | PERM_MAP) ? 1 : 0;
		risk += rule->perms & (PERM_WRITE | PERM_APPEND | PERM_LINK) ? 3 : 0;
		risk += rule->perms & PERM_EXEC ? 8 : 0;
		risk += rule->transition == AA_TRANSITION_UNCONFINED ? 30 : 0;
		risk += !rule->path || strstr(rule->path, "**") ? 2 : 0;
	}
	return rule->owner ? risk : risk * 2;
}

/* Of a rule that somebody needs, nothing is beyond. */
static bool rule_is_used(const struct aa_rule *rule, const struct aa_observed *observed,
			 size_t count)
{
	size_t i, k;

	for (i = 0; i < count; i++)
		for (k = 0; k < observed[i].count; k++)
			if (rule->perms & observed[i].list[k].perms &&
			    aa_rule_matches(rule, &observed[i].list[k]))
				return true;
	return false;
}

static bool allows(const struct aa_abstraction *abstraction, const struct aa_observed *one)
{
	size_t i;

	for (i = 0; i < one->count; i++)
		if (aa_profile_lacks(&abstraction->file, 0, &one->list[i], NULL))
			return false;
	return one->count && !one->fixed;
}

/* A deny rule in it would take what was observed, and no other rule could give it back. */
static bool denies(const struct aa_abstraction *abstraction, const struct aa_observed *observed,
		   size_t count)
{
	uint32_t denied = 0;
	size_t i, k;

	for (i = 0; i < count && !denied; i++)
		for (k = 0; k < observed[i].count && !denied; k++)
			aa_profile_lacks(&abstraction->file, 0, &observed[i].list[k], &denied);
	return denied != 0;
}

/* What one would bring. */
struct offer {
	struct aa_choice choice;
	uint64_t extra; /* twice the risk of what it grants beyond */
	bool *allows;   /* by what was observed */
	bool is_taken;  /* or can't be */
};

static void grants_sum(struct offer *offer, const struct aa_observed *observed, size_t count)
{
	const struct aa_file *file = &offer->choice.abstraction->file;
	const struct aa_rule *worst = NULL;
	unsigned int risk;
	size_t i;

	for (i = 0; i < file->rule_count; i++) {
		const struct aa_rule *rule = &file->rules[i];

		if (rule->profile != 0 || rule->deny || rule->class == AA_ABI ||
		    rule_is_used(rule, observed, count))
			continue;
		risk = rule_risk(rule);
		offer->choice.grants++;
		offer->extra += risk;
		if (!worst || risk > rule_risk(worst))
			worst = rule;
	}
	offer->choice.worst = worst ? aa_rule_text(worst) : NULL;
}

static void offer_make(struct offer *offer, const struct aa_abstraction *abstraction,
		       const struct aa_observed *observed, size_t count)
{
	size_t i;

	*offer = (struct offer){.choice.abstraction = abstraction,
				.allows = xcalloc(count, sizeof(bool)),
				.is_taken = denies(abstraction, observed, count)};
	for (i = 0; i < count; i++)
		offer->allows[i] = allows(abstraction, &observed[i]);
	grants_sum(offer, observed, count);
	/* Nobody knows what it allows. */
	offer->is_taken |= !abstraction->file.work->left;
}

/* The gain for its price; the price is at least one. */
static bool is_better(const struct offer *a, const struct offer *b)
{
	return a->choice.covers * (b->extra + 2) > b->choice.covers * (a->extra + 2);
}

static bool is_worth_it(const struct offer *offer)
{
	return offer->choice.covers >= COVERS_LEAST &&
	       offer->extra <= 2 * PRICE_MOST * offer->choice.covers;
}

static void covers_count(struct offer *offer, const struct aa_observed *observed, size_t count)
{
	size_t i;

	offer->choice.covers = 0;
	for (i = 0; i < count; i++)
		offer->choice.covers += offer->allows[i] && !observed[i].covered;
}

static void offer_take(struct offer *offer, struct aa_observed *observed, size_t count,
		       struct aa_choices *to)
{
	size_t i;

	covers_count(offer, observed, count);
	for (i = 0; i < count; i++)
		observed[i].covered |= offer->allows[i];
	to->list[to->count++] = offer->choice;
	offer->choice.worst = NULL;
	offer->is_taken = true;
}

static struct offer *best_find(struct offer *offers, size_t offer_count,
			       const struct aa_observed *observed, size_t count)
{
	struct offer *best = NULL;
	size_t i;

	for (i = 0; i < offer_count; i++) {
		if (offers[i].is_taken)
			continue;
		covers_count(&offers[i], observed, count);
		if (is_worth_it(&offers[i]) && (!best || is_better(&offers[i], best)))
			best = &offers[i];
	}
	return best;
}

void aa_abstractions_choose(const struct aa_abstractions *abstractions, const char *without,
			    struct aa_observed *observed, size_t count, struct aa_choices *ret)
{
	_cleanup_free_ struct offer *offers = xcalloc(abstractions->count, sizeof(*offers));
	struct offer *best;
	size_t i;

	*ret = (struct aa_choices){.list = xcalloc(abstractions->count, sizeof(*ret->list))};
	for (i = 0; i < abstractions->count; i++) {
		offer_make(&offers[i], &abstractions->list[i], observed, count);
		if (without && !strcmp(abstractions->list[i].name, without))
			offers[i].is_taken = true;
		else if (abstractions->wanted || !strcmp(abstractions->list[i].name, "base"))
			offer_take(&offers[i], observed, count, ret);
	}
	while (!abstractions->wanted &&
	       (best = best_find(offers, abstractions->count, observed, count)))
		offer_take(best, observed, count, ret);
	for (i = 0; i < abstractions->count; i++) {
		free(offers[i].allows);
		free(offers[i].choice.worst);
	}
}

void aa_choices_drop(struct aa_choices *choices)
{
	size_t i;

	for (i = 0; i < choices->count; i++)
		free(choices->list[i].worst);
	free(choices->list);
	*choices = (struct aa_choices){};
}
