/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a path or a capability is in an AppArmor profile: who used it, how, in which phase; and which
 * rule of the profile that the recordings make comes of it. The profile is made and read back, so that
 * what is told of it is what it says.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apparmor/aa_match.h"
#include "apparmor_text.h"
#include "emit.h"
#include "model/text.h"
#include "policy/call.h"

struct question {
	const struct model *model;
	const struct emit_options *options;
	const char *group;
	const char *path;    /* as it was asked for; NULL: of the capability */
	const char *escaped; /* ... as recordings have it */
	uint32_t capability;
	FILE *out;
	bool owned; /* by all who used the path */
	uint32_t perms;
};

static void shown_print(const char *text, FILE *out)
{
	_cleanup_free_ char *shown = text_printable(text);

	fputs(shown, out);
}

/* "used by /usr/bin/app in phase start" */
static void who_print(const struct question *q, const char *what, const struct fact *fact)
{
	fprintf(q->out, "%s by ", what);
	shown_print(fact->exe ? fact->exe : "an unknown executable", q->out);
	fprintf(q->out, ", phase %s", phase_name(fact->phase));
}

static void flags_print(const struct question *q, uint32_t flags)
{
	size_t bit;

	for (bit = 0; bit < PATH_FLAGS; bit++)
		if (flags & 1u << bit)
			fprintf(q->out, ", %s", path_flag_names[bit]);
	fputc('\n', q->out);
}

static void files_print(struct question *q)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_FILE, &facts), i;
	char letters[8];

	q->owned = true;
	for (i = 0; i < count; i++) {
		const struct fact *fact = &facts[i];

		if (strcmp(fact->file.path, q->escaped) != 0 ||
		    !fact_counts(fact, q->group, PHASES_ALL))
			continue;
		who_print(q, "used", fact);
		fprintf(q->out, ": %s%s", perms_text(fact->file.perms, letters),
			fact->file.owner == OWNER_YES  ? ", its owner"
			: fact->file.owner == OWNER_NO ? ", not its owner"
						       : "");
		flags_print(q, fact->file.flags);
		if (fact_counts(fact, q->group, PHASES_APPLICATION)) {
			q->owned &= fact->file.owner == OWNER_YES;
			q->perms |= fact->file.perms;
		}
	}
}

static bool is_path(const struct question *q, const char *text)
{
	return text && !strcmp(text, q->escaped);
}

static void operations_print(const struct question *q)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_OPERATION, &facts), i;

	for (i = 0; i < count; i++) {
		const struct fact *fact = &facts[i];
		const char *role = is_path(q, fact->operation.target)   ? "target"
				   : is_path(q, fact->operation.source) ? "source"
				   : is_path(q, fact->operation.detail) ? "address"
									: NULL;
		_cleanup_free_ char *what = NULL;

		if (!role || !fact_counts(fact, q->group, PHASES_ALL))
			continue;
		what = xasprintf("%s of %s", role, operation_names[fact->operation.op]);
		who_print(q, what, fact);
		flags_print(q, fact->operation.flags);
	}
}

static void capabilities_print(const struct question *q)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_CAPABILITY, &facts), i;

	for (i = 0; i < count; i++) {
		if (facts[i].capability.capability != q->capability ||
		    !fact_counts(&facts[i], q->group, PHASES_ALL))
			continue;
		who_print(q, facts[i].capability.silent ? "asked for silently" : "used", &facts[i]);
		fputs(facts[i].capability.inferred ? ", inferred from a call and its result\n"
						   : "\n",
		      q->out);
	}
}

static bool has_word(const struct aa_rule *rule, const char *word)
{
	size_t i;

	for (i = 0; word && i < rule->words.count; i++)
		if (!strcmp(rule->words.list[i], word))
			return true;
	return false;
}

/* Does the rule speak of what is asked? Those that are not for files have the path as it is. */
static bool rule_speaks(const struct question *q, const struct aa_rule *rule)
{
	struct aa_access access = {
		.path = q->path, .perms = q->perms, .owner = q->owned, .child = true};

	_cleanup_free_ char *word = q->path ? apparmor_path(q->escaped) : NULL;

	if (!q->path)
		return rule->class == AA_CAPABILITY &&
		       has_word(rule, capability_name(q->capability));
	if (rule->class == AA_FILE)
		return aa_rule_matches(rule, &access);
	return has_word(rule, word);
}

/* True where a rule was found. */
static bool rules_print_of(const struct question *q, const struct aa_file *file)
{
	bool found = false;
	size_t i;

	for (i = 0; i < file->rule_count; i++) {
		const struct aa_rule *rule = &file->rules[i];
		_cleanup_free_ char *text = NULL;

		if (!rule_speaks(q, rule))
			continue;
		text = aa_rule_text(rule);
		fprintf(q->out, "in the profile: %s,%s%s\n", text, rule->source ? " of " : "",
			rule->source ? rule->source : "");
		found = true;
	}
	if (!found)
		fputs("not in the profile\n", q->out);
	return found;
}

static int group_explain(struct question *q, bool *ret_in, struct err *err)
{
	_cleanup_aa_file_ struct aa_file file = {};
	_cleanup_free_ char *text = NULL;
	struct emit_options silent = *q->options;
	size_t size;
	FILE *out = xmemstream(&text, &size);
	int r;

	if (q->path) {
		files_print(q);
		operations_print(q);
	} else {
		capabilities_print(q);
	}
	silent.workload = q->group;
	silent.warn = NULL;
	r = apparmor_emit(q->model, &silent, out, err);
	fclose(out);
	if (!r)
		r = aa_file_parse("the profile", text, size, NULL, &file, err);
	if (!r)
		*ret_in |= rules_print_of(q, &file);
	return r;
}

bool explain_rules_knows(const char *word, uint32_t *ret_capability)
{
	const char *name = strncmp(word, "cap_", 4) && strncmp(word, "CAP_", 4) ? word : word + 4;
	uint32_t i;

	for (i = 0; capability_name(i); i++) {
		if (strcasecmp(capability_name(i), name) != 0)
			continue;
		*ret_capability = i;
		return true;
	}
	return *word == '/';
}

int explain_rules_emit(const struct model *model, const struct emit_options *options,
		       const char *word, FILE *out, bool *ret_in, struct err *err)
{
	_cleanup_free_ char *escaped = text_escape(word, strlen(word)), *chosen = NULL;
	struct question q = {.model = model,
			     .options = options,
			     .path = *word == '/' ? word : NULL,
			     .escaped = escaped,
			     .out = out};
	_cleanup_groups_ struct groups groups = {};
	size_t i;
	int r = 0;

	*ret_in = false;
	explain_rules_knows(word, &q.capability);
	if (options->workload) {
		r = workload_choose(model, options, &chosen, err);
		q.group = chosen;
		return r ? r : group_explain(&q, ret_in, err);
	}
	groups_list(model, &groups);
	if (!groups.count)
		return err_set(err, -EINVAL, "the recording holds no workload");
	for (i = 0; i < groups.count && !r; i++) {
		q.group = groups.list[i];
		q.perms = 0;
		if (groups.count > 1) {
			fputs(i ? "\nworkload " : "workload ", out);
			shown_print(q.group, out);
			fputc('\n', out);
		}
		r = group_explain(&q, ret_in, err);
	}
	return r;
}
