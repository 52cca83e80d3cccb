/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What holds for every recording and every profile, tried on random ones: merging has no order and
 * changes nothing the second time; nothing differs from itself; a profile of a merged recording allows
 * what the profiles of its parts do.
 */
#include <stdlib.h>

#include "emit/emit.h"
#include "made.h"
#include "policy/diff.h"
#include "policy/policy_merge.h"
#include "test.h"

/* Of each property; they take longer than one filter does. */
#define ROUNDS(usual) (made_rounds(10 * (usual)) / 10)

/* ---- recordings ------------------------------------------------------------------------------ */

static void lines_add(struct model *model, const char *text)
{
	const char *line, *end;

	for (line = text; *line; line = end + 1) {
		struct fact_storage *storage;
		struct fact fact;
		struct err err;

		end = strchr(line, '\n');
		if (fact_parse(line, (size_t)(end - line), &fact, &storage, &err)) {
			fprintf(stderr, "%s: %.*s\n", err.text, (int)(end - line), line);
			abort();
		}
		made_add(model, &fact);
		fact_free(storage);
	}
}

static char *model_text(const struct model *model)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (model_write(model, out))
		abort();
	fclose(out);
	return text;
}

/* What merging them comes to. The caller frees it. */
static char *merged(const char *a, const char *b)
{
	struct model *model = model_new();
	char *text;

	lines_add(model, a);
	lines_add(model, b);
	model_seal(model);
	text = model_text(model);
	model_free(model);
	return text;
}

/* Of few runs, so that recordings tell of the same ones. */
static char *recording_text(uint64_t number)
{
	struct model *model = made_recording(number, number % 3);
	char *text;

	model_seal(model);
	text = model_text(model);
	model_free(model);
	return text;
}

/* One of each property's failures is enough to look at. */
static bool same(char *a, char *b, int *wrong)
{
	bool is_same = !strcmp(a, b);

	if (!is_same && !*wrong)
		printf("differ:\n%s----\n%s", a, b);
	*wrong += !is_same;
	free(a);
	free(b);
	return is_same;
}

static void test_recordings(void)
{
	int twice = 0, order = 0, grouping = 0;
	uint64_t rounds = ROUNDS(300), i;

	for (i = 0; i < rounds; i++) {
		char *a = recording_text(3 * i), *b = recording_text(3 * i + 1);
		char *c = recording_text(3 * i + 2), *ab = merged(a, b), *bc = merged(b, c);

		same(merged(a, a), xstrdup(a), &twice);
		same(merged(ab, b), xstrdup(ab), &twice);
		same(xstrdup(ab), merged(b, a), &order);
		same(merged(ab, c), merged(a, bc), &grouping);
		free(a);
		free(b);
		free(c);
		free(ab);
		free(bc);
	}
	EQ(twice, 0, "%llu recordings: merged with itself it is the same",
	   (unsigned long long)rounds);
	EQ(order, 0, "... in any order");
	EQ(grouping, 0, "... in any groups");
}

/* ---- profiles of recordings ------------------------------------------------------------------ */

struct side {
	struct model *model;
	struct policy policy;
	struct policy_defaults defaults;
	struct diff_side side;
};

static void side_make(struct side *side, const struct emit_options *options)
{
	struct err err;

	model_seal(side->model);
	if (policy_make(side->model, options, &side->policy, &err)) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	side->defaults = policy_defaults_of(options);
	side->side = (struct diff_side){&side->policy, &side->defaults, side->model, NULL};
}

static void side_drop(struct side *side)
{
	policy_drop(&side->policy);
	model_free(side->model);
}

/* Says what B does not let through and A does, the first time. */
static void superset_check(const struct side *a, const struct side *b, int *wrong)
{
	struct diff diff;

	diff_make(&a->side, &b->side, &diff);
	diff_keep_lost(&diff);
	if (diff.count && !(*wrong)++)
		diff_print(&diff, stdout);
	diff_drop(&diff);
}

static void merge_try(uint64_t number, const struct emit_options *options, int *differs, int *lost)
{
	struct side a = {.model = made_recording(2 * number, 4 * number)};
	struct side b = {.model = made_recording(2 * number + 1, 4 * number + 2)};
	struct side again = {.model = made_recording(2 * number, 4 * number)};
	struct side both = {.model = model_new()};
	char *text_a, *text_b;
	struct diff diff;

	side_make(&a, options);
	side_make(&b, options);
	side_make(&again, options);
	diff_make(&a.side, &again.side, &diff);
	if (diff.count && !(*differs)++)
		diff_print(&diff, stdout);
	diff_drop(&diff);
	text_a = model_text(a.model);
	text_b = model_text(b.model);
	lines_add(both.model, text_a);
	lines_add(both.model, text_b);
	side_make(&both, options);
	superset_check(&a, &both, lost);
	superset_check(&b, &both, lost);
	side_drop(&a);
	side_drop(&b);
	side_drop(&again);
	side_drop(&both);
	free(text_a);
	free(text_b);
}

static void test_merged_profiles(const struct emit_options *options, const char *words)
{
	int differs = 0, lost = 0;
	uint64_t rounds = ROUNDS(300), i;

	for (i = 0; i < rounds; i++)
		merge_try(i, options, &differs, &lost);
	EQ(differs, 0, "%s: %llu profiles do not differ from themselves", words,
	   (unsigned long long)rounds);
	EQ(lost, 0, "%s: what is merged allows what its parts do", words);
}

/* ---- merged profiles ------------------------------------------------------------------------- */

static char *profile_text(uint64_t number)
{
	struct side side = {.model = made_recording(number, 0)};
	struct emit_options options = {.no_always = true};
	char *text = NULL;
	size_t size;
	struct err err;
	FILE *out = open_memstream(&text, &size);

	side_make(&side, &options);
	if (seccomp_emit(&side.policy, &options, out, &err))
		abort();
	fclose(out);
	side_drop(&side);
	return text;
}

static void profile_read_text(const char *text, struct side *ret)
{
	struct err err;

	*ret = (struct side){};
	if (policy_parse(text, strlen(text), &ret->policy, &ret->defaults, &err)) {
		fprintf(stderr, "%s: %s\n", err.text, text);
		abort();
	}
	ret->side = (struct diff_side){.policy = &ret->policy, .defaults = &ret->defaults};
}

/* The union, written. Asks on the way whether it allows what the two do. */
static char *profiles_merged(const char *a, const char *b, int *lost)
{
	struct policy policy = {};
	struct policy_defaults defaults = {};
	struct emit_options options;
	struct side x, y, both;
	struct err err;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	profile_read_text(a, &x);
	profile_read_text(b, &y);
	if (policy_take_in(&policy, &defaults, &x.policy, &x.defaults, &err) ||
	    policy_take_in(&policy, &defaults, &y.policy, &y.defaults, &err) ||
	    policy_defaults_options(&defaults, &options, &err))
		abort();
	seccomp_emit(&policy, &options, out, &err);
	fclose(out);
	policy_drop(&policy);
	profile_read_text(text, &both);
	superset_check(&x, &both, lost);
	superset_check(&y, &both, lost);
	side_drop(&x);
	side_drop(&y);
	side_drop(&both);
	return text;
}

static void test_profiles(void)
{
	int twice = 0, order = 0, grouping = 0, lost = 0;
	uint64_t rounds = ROUNDS(300), i;

	for (i = 0; i < rounds; i++) {
		char *a = profile_text(3 * i), *b = profile_text(3 * i + 1);
		char *c = profile_text(3 * i + 2), *ab = profiles_merged(a, b, &lost);
		char *bc = profiles_merged(b, c, &lost), *aa = profiles_merged(a, a, &lost);

		same(profiles_merged(aa, a, &lost), aa, &twice);
		same(profiles_merged(ab, b, &lost), xstrdup(ab), &twice);
		same(xstrdup(ab), profiles_merged(b, a, &lost), &order);
		same(profiles_merged(ab, c, &lost), profiles_merged(a, bc, &lost), &grouping);
		free(a);
		free(b);
		free(c);
		free(ab);
		free(bc);
	}
	EQ(twice, 0, "%llu profiles: merged with itself it is the same",
	   (unsigned long long)rounds);
	EQ(order, 0, "... in any order");
	EQ(grouping, 0, "... in any groups");
	EQ(lost, 0, "... and allows what its parts do");
}

int main(void)
{
	test_recordings();
	test_merged_profiles(&(struct emit_options){}, "default options");
	test_merged_profiles(&(struct emit_options){.exact = true}, "--exact");
	test_merged_profiles(&(struct emit_options){.families = FAMILIES_NONE}, "--families none");
	test_merged_profiles(&(struct emit_options){.no_args = true, .families = FAMILIES_NONE},
			     "--args none --families none");
	test_profiles();
	return test_end();
}
