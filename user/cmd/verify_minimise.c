/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which names of a profile the command does without: under the profile as it is written, but for one
 * name each time, it still ends with 0. Whether it then still does what it should, only its own tests
 * can say.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "emit/tree.h"
#include "recordings.h"
#include "verify.h"

/* Does the command pass without these names, so many times? Returns 0, an exit status where a signal
 * ended it, or a negative errno with the words in err. */
static int passes(const struct verify_options *options, const struct names *without, uint64_t runs,
		  bool *ret, struct err *err)
{
	_cleanup_verify_sum_ struct verify_sum sum = {};
	struct enforced_profile profile;
	_cleanup_free_ char *text = NULL;
	struct verify_way way = {
		.options = options,
		.profile = &profile,
		.runs = runs,
		.no_trace = true,
		.ends_at_one = true,
	};
	int r, signal = 0;
	size_t size = 0;

	r = profile_change(options->seccomp, NULL, without, &text, &size, err);
	if (r == 0)
		r = enforced_profile_parse(text, size, options->seccomp, FILTER_AS_WRITTEN, NULL,
					   &profile, err);
	if (r)
		return r;
	/* Denials are what is expected; a run that they end is not. */
	r = verify_runs(&way, &sum, &signal, err);
	enforced_profile_drop(&profile);
	*ret = r == 0 && !sum.failed;
	return r == -EINTR ? 128 + signal : r;
}

static int survivors_find(const struct verify_options *options, const struct names *names,
			  struct names *ret, struct err *err)
{
	for (size_t i = 0; i < names->count; i++) {
		_cleanup_names_ struct names one = {};
		bool survives = false;
		int r;

		names_add(&one, names->list[i]);
		names_settle(&one);
		r = passes(options, &one, 1, &survives, err);
		if (r)
			return r;
		if (survives)
			names_add(ret, names->list[i]);
	}
	names_settle(ret);
	return 0;
}

static int tier_order(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	int order = number_compare(tier_of(*y), tier_of(*x));

	return order ? order : strcmp(*x, *y);
}

/* All of them at once, else as many as go together, the most dangerous first. */
static int together_find(const struct verify_options *options, const struct names *survivors,
			 struct names *ret, struct err *err)
{
	_cleanup_names_ struct names ordered = {};
	bool pass = false;
	size_t i;
	int r;

	for (i = 0; i < survivors->count; i++)
		names_add(ret, survivors->list[i]);
	names_settle(ret);
	r = passes(options, ret, options->runs, &pass, err);
	if (r || pass)
		return r;
	names_drop(ret);
	for (i = 0; i < survivors->count; i++)
		names_add(&ordered, survivors->list[i]);
	if (ordered.count)
		qsort(ordered.list, ordered.count, sizeof(*ordered.list), tier_order);
	for (i = 0; i < ordered.count; i++) {
		_cleanup_names_ struct names more = {};
		size_t k;

		for (k = 0; k < ret->count; k++)
			names_add(&more, ret->list[k]);
		names_add(&more, ordered.list[i]);
		names_settle(&more);
		r = passes(options, &more, options->runs, &pass, err);
		if (r)
			return r;
		if (!pass)
			continue;
		names_drop(ret);
		*ret = names_take(&more);
	}
	return 0;
}

static void names_tree(struct tree *tree, const char *key, const struct names *names)
{
	tree_list(tree, key);
	for (size_t i = 0; i < names->count; i++) {
		const struct tier_row *row = tier_row(names->list[i]);

		tree_map(tree, NULL);
		tree_text(tree, "name", names->list[i]);
		tree_text(tree, "tier", tier_name(tier_of(names->list[i])));
		if (row)
			tree_text(tree, "why", row->why);
		tree_end(tree);
	}
	tree_end(tree);
}

static void survivors_print(const struct verify_options *options, const struct names *names,
			    const struct names *survivors, const struct names *dropped)
{
	size_t i;

	if (options->json) {
		struct tree tree = {.form = TREE_JSON, .out = stdout};

		tree_map(&tree, NULL);
		tree_text(&tree, "profile", options->seccomp);
		tree_number(&tree, "names", names->count);
		names_tree(&tree, "survives_without", survivors);
		if (options->drop)
			names_tree(&tree, "dropped", dropped);
		tree_end(&tree);
		return;
	}
	printf("%s: without %zu of %zu names, one at a time, the command still ends with 0\n",
	       options->seccomp, survivors->count, names->count);
	for (i = 0; i < survivors->count; i++) {
		const struct tier_row *row = tier_row(survivors->list[i]);

		printf("  %-20s %s risk%s%s\n", survivors->list[i],
		       row ? tier_name(row->tier) : "no known", row ? ": " : "",
		       row ? row->why : "");
	}
}

static int dropped_write(const struct verify_options *options, const struct names *dropped,
			 struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct output out;
	size_t size = 0;
	int r = profile_change(options->seccomp, NULL, dropped, &text, &size, err);

	if (r == 0)
		r = output_open(&out, options->drop, err);
	if (r)
		return r;
	fwrite(text, size, 1, out.file);
	r = recordings_finish(&out, 0, err);
	if (r == 0)
		hint("%s: without %zu names, %llu of %llu runs passed", options->drop,
		     dropped->count, (unsigned long long)options->runs,
		     (unsigned long long)options->runs);
	return r;
}

int verify_minimise(const struct verify_options *options, struct err *err)
{
	_cleanup_names_ struct names names = {}, survivors = {}, dropped = {}, none = {};
	bool pass = false;
	int r = profile_names(options->seccomp, &names, err);

	if (r == 0)
		r = passes(options, &none, options->runs, &pass, err);
	if (r == 0 && !pass)
		return err_set(err, -ECANCELED,
			       "%s: the command does not pass under the whole profile: leastcall "
			       "verify says why",
			       options->seccomp);
	if (r == 0)
		r = survivors_find(options, &names, &survivors, err);
	if (r == 0 && options->drop)
		r = together_find(options, &survivors, &dropped, err);
	if (r)
		return r;
	survivors_print(options, &names, &survivors, &dropped);
	return options->drop ? dropped_write(options, &dropped, err) : 0;
}
