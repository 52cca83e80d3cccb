/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From file rules to what was observed and back; and the comment that tells an include's price. */
#include <stdlib.h>
#include <string.h>

#include "apparmor_include.h"
#include "apparmor_text.h"
#include "apparmor_use.h"
#include "model/text.h"

void includes_open(const struct emit_options *options, struct includes *ret)
{
	const struct aa_abstractions *given = options->apparmor.abstractions;
	struct err err;
	size_t i;

	*ret = (struct includes){};
	/* Our own words can be read. */
	if (!given && aa_abstractions_read(NULL, "base", &ret->own, &err))
		abort();
	ret->all = given ? *given : ret->own;
	for (i = 0; i < ret->all.count; i++)
		ret->has_base |= !strcmp(ret->all.list[i].name, "base");
	ret->has_base &= !options->apparmor.no_base;
	ret->without_base = options->apparmor.no_base;
}

void includes_close(struct includes *includes)
{
	aa_abstractions_drop(&includes->own);
}

static void observed_make(const struct file_rules *files, const struct file_rule *rule,
			  struct aa_observed *ret)
{
	size_t i;

	*ret = (struct aa_observed){.list = xcalloc(rule->sources.count, sizeof(*ret->list)),
				    .count = rule->sources.count,
				    .fixed = files->options->exact || rule->link ||
					     rule->unresolved || rule->perms & PERM_EXEC};
	for (i = 0; i < ret->count; i++) {
		const char *path = rule->sources.list[i];

		ret->fixed |= file_is_root(files, path);
		ret->list[i] = (struct aa_access){.path = text_unescape(path, NULL),
						  .perms = rule->perms,
						  .owner = rule->owned};
	}
}

static void observed_drop(struct aa_observed *observed)
{
	size_t i;

	for (i = 0; i < observed->count; i++)
		free((char *)observed->list[i].path);
	free(observed->list);
}

static void rule_drop(struct file_rule *rule)
{
	free(rule->word);
	free(rule->link);
	names_drop(&rule->sources);
}

/* What is exact has nothing to thank it for. */
static void choice_print(const struct aa_choice *choice, bool exact, FILE *out)
{
	_cleanup_free_ char *worst = choice->worst ? apparmor_comment(choice->worst) : NULL;

	fprintf(out, "  include <abstractions/%s>", choice->abstraction->name);
	if (!exact)
		fprintf(out, " # covers %zu observed rule%s", choice->covers,
			choice->covers == 1 ? "" : "s");
	if (worst && !exact)
		fprintf(out, ", also grants %zu (worst: %s)", choice->grants, worst);
	fputc('\n', out);
}

bool includes_print(const struct includes *includes, struct file_rules *files, FILE *out)
{
	_cleanup_aa_choices_ struct aa_choices choices = {};
	_cleanup_free_ struct aa_observed *observed = xcalloc(files->rule_count, sizeof(*observed));
	size_t used = 0, i;

	for (i = 0; i < files->rule_count; i++)
		observed_make(files, &files->rules[i], &observed[i]);
	aa_abstractions_choose(&includes->all, includes->without_base ? "base" : NULL, observed,
			       files->rule_count, &choices);
	for (i = 0; i < choices.count; i++)
		choice_print(&choices.list[i], files->options->exact, out);
	for (i = 0; i < files->rule_count; i++) {
		if (observed[i].covered)
			rule_drop(&files->rules[i]);
		else
			files->rules[used++] = files->rules[i];
		observed_drop(&observed[i]);
	}
	files->rule_count = used;
	return choices.count > 0;
}
