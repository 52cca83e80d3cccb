/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every golden recording that has files, against the AppArmor profile that is made of it; and that a
 * profile with a rule less or more than it is to have would be noticed.
 */
#include <glob.h>

#include "apparmor/aa_abstractions.h"
#include "emit/emit.h"
#include "policy/call.h"
#include "replay.h"
#include "test.h"

/* All recordings of one directory as one model; NULL where they can't be read. */
static struct model *model_of(const char *directory)
{
	_cleanup_free_ char *pattern = xasprintf("%s/*in.jsonl", directory);
	struct model *model = model_new();
	struct err err = {};
	glob_t paths = {};
	size_t i;
	int r;

	r = glob(pattern, 0, NULL, &paths);
	for (i = 0; i < paths.gl_pathc && !r; i++)
		r = model_read(model, paths.gl_pathv[i], &err);
	globfree(&paths);
	model_seal(model);
	if (!r)
		return model;
	model_free(model);
	return NULL;
}

static const char directory_of_apparmor[] = "tests/golden/apparmor.d";

/* NULL where no profile is made. `abstractions` may be NULL. The caller frees it. */
static char *profile_of(const struct model *model, const char *workload,
			const struct aa_abstractions *abstractions)
{
	struct emit_options options = {.workload = workload, .apparmor.abstractions = abstractions};
	struct err err = {};
	char *text = NULL;
	size_t size = 0;
	FILE *out = xmemstream(&text, &size);
	int r = apparmor_emit(model, &options, out, &err);

	fclose(out);
	if (!r)
		return text;
	free(text);
	return NULL;
}

/* The profile with one more rule. */
static char *with_rule(const char *text, const char *rule)
{
	const char *end = strrchr(text, '}');

	return xasprintf("%.*s  %s\n}\n", (int)(end - text), text, rule);
}

/* The profile without the rule that allows the access and that nothing else allows. */
static char *without_rule(const char *text, const struct aa_access *access)
{
	_cleanup_aa_file_ struct aa_file file = {};
	struct err err = {};
	size_t i;

	if (aa_file_parse("profile", text, strlen(text), NULL, &file, &err))
		return NULL;
	for (i = 0; i < file.rule_count; i++) {
		const struct aa_rule *rule = &file.rules[i];

		if (!rule->source && aa_rule_matches(rule, access))
			return xasprintf("%.*s%s", (int)rule->start, text, text + rule->end);
	}
	return NULL;
}

/* The checker itself: what it must notice. */
static void test_noticing(const char *name, const struct model *model, const char *workload,
			  const char *text)
{
	static const char *const rules[] = {"/etc/{passwd,shadow} rw,",
					    "/** r,",
					    "owner /root/** r,",
					    "/usr/bin/* w,",
					    "capability,",
					    "network,",
					    "/tmp/* ix,",
					    "all,",
					    "what is this,"};
	_cleanup_accesses_ struct accesses accesses = {};
	size_t i, noticed = 0, tried = 0;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		_cleanup_free_ char *more = with_rule(text, rules[i]);
		_cleanup_free_ char *wrong = replay(model, workload, more, NULL);

		CHECK(wrong, "%s: %s would be noticed: %s", name, rules[i], wrong ? wrong : "");
	}
	accesses_gather(model, workload, &accesses);
	for (i = 0; i < accesses.count; i++) {
		_cleanup_free_ char *less = without_rule(text, &accesses.list[i]);
		_cleanup_free_ char *wrong = less ? replay(model, workload, less, NULL) : NULL;

		tried += less != NULL;
		noticed += wrong != NULL;
	}
	CHECK(tried && noticed, "%s: %zu of %zu rules would be missed", name, noticed, tried);
}

/* What the includes allow is read where they were chosen. */
static void test_replay(const char *name, size_t number, const struct model *model,
			const char *workload, const struct aa_abstractions *abstractions)
{
	_cleanup_free_ char *text = profile_of(model, workload, abstractions), *wrong = NULL;

	if (!text)
		return;
	wrong = replay(model, workload, text, abstractions ? directory_of_apparmor : NULL);
	CHECK(!wrong, "%s: workload %zu%s: all that it did, and no more%s%s", name, number,
	      abstractions ? ", with abstractions" : "", wrong ? ": " : "", wrong ? wrong : "");
	if (!strcmp(name, "ls") && !abstractions)
		test_noticing(name, model, workload, text);
}

static void test_directory(const char *directory, const struct aa_abstractions *abstractions)
{
	_cleanup_groups_ struct groups groups = {};
	const char *name = directory + strlen("tests/golden/");
	struct model *model = model_of(directory);
	size_t i;

	if (!model)
		return; /* a recording that is to be refused */
	groups_list(model, &groups);
	for (i = 0; i < groups.count; i++) {
		test_replay(name, i + 1, model, groups.list[i], NULL);
		test_replay(name, i + 1, model, groups.list[i], abstractions);
	}
	model_free(model);
}

int main(void)
{
	_cleanup_aa_abstractions_ struct aa_abstractions abstractions = {};
	glob_t found = {};
	struct err err = {};
	size_t i;

	EQ(aa_abstractions_read(directory_of_apparmor, "auto", &abstractions, &err), 0,
	   "abstractions are read%s", err.text);
	EQ(abstractions.count, 4, "... all that are there");
	if (glob("tests/golden/*", GLOB_ONLYDIR, NULL, &found))
		CHECK(false, "the golden recordings are here: run it from the top");
	for (i = 0; i < found.gl_pathc; i++)
		test_directory(found.gl_pathv[i], &abstractions);
	globfree(&found);
	return test_end();
}
