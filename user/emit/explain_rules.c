/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a path or a capability is in an AppArmor profile: who used it, how, in which phase; and which
 * rule of the profile that the recordings make comes of it. The profile is made and read back, so that
 * what is told of it is what it says. A rule of the profile may be asked for, too: then it is who used
 * what it matches.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apparmor/aa_match.h"
#include "apparmor_text.h"
#include "emit.h"
#include "model/names.h"
#include "model/text.h"
#include "policy/call.h"

struct question {
	const struct model *model;
	const struct emit_options *options;
	const char *group;
	const char *word;          /* as it was asked for */
	const char *path;          /* ... a path; NULL: of the capability, or a rule */
	const char *escaped;       /* ... as recordings have it */
	const struct aa_rule *own; /* the rule that was asked for, of the profile; or NULL */
	bool is_rule;              /* nothing else can have been meant */
	uint32_t capability;
	FILE *out;
	bool owned; /* by all who used the path */
	uint32_t perms;
	char **lines; /* about who used it */
	size_t line_count;
};

/* Takes the line, of q->out's text. */
static void line_add(struct question *q, char *line)
{
	if (!(q->line_count % 64))
		q->lines = xrealloc(q->lines, q->line_count + 64, sizeof(*q->lines));
	q->lines[q->line_count++] = line;
}

/* Each once: runs tell the same. True where there was one. */
static bool lines_print(struct question *q)
{
	bool any = q->line_count > 0;
	size_t i;

	if (any)
		qsort(q->lines, q->line_count, sizeof(*q->lines), name_compare);
	for (i = 0; i < q->line_count; i++)
		if (!i || strcmp(q->lines[i - 1], q->lines[i]) != 0)
			fputs(q->lines[i], q->out);
	while (q->line_count)
		free(q->lines[--q->line_count]);
	free(take(q->lines));
	return any;
}

static void shown_print(const char *text, FILE *out)
{
	_cleanup_free_ char *shown = text_printable(text);

	fputs(shown, out);
}

/* "used by /usr/bin/app, phase start" */
static void who_print(const char *what, const struct fact *fact, FILE *out)
{
	fprintf(out, "%s by ", what);
	shown_print(fact->exe ? fact->exe : "an unknown executable", out);
	fprintf(out, ", phase %s", phase_name(fact->phase));
}

static void flags_print(uint32_t flags, FILE *out)
{
	size_t bit;

	for (bit = 0; bit < PATH_FLAGS; bit++)
		if (flags & 1u << bit)
			fprintf(out, ", %s", path_flag_names[bit]);
	fputc('\n', out);
}

static char *file_line(const struct fact *fact, bool named)
{
	char letters[8], *line = NULL;
	size_t size;
	FILE *out = xmemstream(&line, &size);

	if (named) {
		shown_print(fact->file.path, out);
		fputs(" ", out);
	}
	who_print("used", fact, out);
	fprintf(out, ": %s%s", perms_text(fact->file.perms, letters),
		fact->file.owner == OWNER_YES  ? ", its owner"
		: fact->file.owner == OWNER_NO ? ", not its owner"
					       : "");
	flags_print(fact->file.flags, out);
	fclose(out);
	return line;
}

static bool file_is_meant(const struct question *q, const struct fact *fact)
{
	_cleanup_free_ char *bytes = NULL;

	if (!q->own)
		return !q->is_rule && !strcmp(fact->file.path, q->escaped);
	bytes = text_unescape(fact->file.path, NULL);
	return aa_rule_matches(q->own, &(struct aa_access){.path = bytes,
							   .perms = fact->file.perms,
							   .owner = fact->file.owner == OWNER_YES});
}

static void files_print(struct question *q)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_FILE, &facts), i;

	q->owned = true;
	for (i = 0; i < count; i++) {
		const struct fact *fact = &facts[i];

		if (!fact_counts(fact, q->group, PHASES_ALL) || !file_is_meant(q, fact))
			continue;
		line_add(q, file_line(fact, q->own != NULL));
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

static void operations_print(struct question *q)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_OPERATION, &facts), i, size;

	for (i = 0; i < count; i++) {
		const struct fact *fact = &facts[i];
		const char *role = is_path(q, fact->operation.target)   ? "target"
				   : is_path(q, fact->operation.source) ? "source"
				   : is_path(q, fact->operation.detail) ? "address"
									: NULL;
		_cleanup_free_ char *what = NULL;
		char *line = NULL;
		FILE *out;

		if (!role || !fact_counts(fact, q->group, PHASES_ALL))
			continue;
		what = xasprintf("%s of %s", role, operation_names[fact->operation.op]);
		out = xmemstream(&line, &size);
		who_print(what, fact, out);
		flags_print(fact->operation.flags, out);
		fclose(out);
		line_add(q, line);
	}
}

static void capabilities_print(struct question *q)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_CAPABILITY, &facts), i, size;

	for (i = 0; i < count; i++) {
		const struct fact *fact = &facts[i];
		char *line = NULL;
		FILE *out;

		if (fact->capability.capability != q->capability ||
		    !fact_counts(fact, q->group, PHASES_ALL))
			continue;
		out = xmemstream(&line, &size);
		who_print(fact->capability.silent ? "asked for silently" : "used", fact, out);
		fputs(fact->capability.inferred ? ", inferred from a call and its result\n" : "\n",
		      out);
		fclose(out);
		line_add(q, line);
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
static bool rules_print_of(const struct question *q, const struct aa_file *file, bool seen)
{
	bool found = false;
	size_t i;

	for (i = 0; i < file->rule_count; i++) {
		const struct aa_rule *rule = &file->rules[i];
		_cleanup_free_ char *text = NULL;

		if (q->own || q->is_rule ? rule != q->own : !rule_speaks(q, rule))
			continue;
		text = aa_rule_text(rule);
		fprintf(q->out, "in the profile: %s,%s%s\n", text, rule->source ? " of " : "",
			rule->source ? rule->source : "");
		found = true;
	}
	if (!found)
		fprintf(q->out, "not in the profile: %s\n",
			q->is_rule ? "it has no such rule"
			: seen     ? "seen, and no rule speaks of it"
				   : "never seen");
	return found;
}

/* The rule of the profile that these words are, or whose path they are; its line may have been copied
 * with the comment behind it. */
static const struct aa_rule *rule_find(const struct aa_file *file, const char *word)
{
	_cleanup_aa_file_ struct aa_file asked = {};
	_cleanup_free_ char *line = xasprintf("profile x {\n%s\n,}\n", word), *words = NULL;
	struct err err = {};
	size_t i;

	/* Two commas are an error; one is needed. */
	if (aa_file_parse("rule", line, strlen(line), NULL, &asked, &err)) {
		free(line);
		line = xasprintf("profile x {\n%s\n}\n", word);
		if (aa_file_parse("rule", line, strlen(line), NULL, &asked, &err))
			asked = (struct aa_file){};
	}
	if (asked.rule_count == 1)
		words = aa_rule_text(&asked.rules[0]);
	for (i = 0; i < file->rule_count; i++) {
		const struct aa_rule *rule = &file->rules[i];
		_cleanup_free_ char *text = rule->source ? NULL : aa_rule_text(rule);

		if (text && ((words && !strcmp(text, words)) ||
			     (rule->class == AA_FILE && has_word(rule, word))))
			return rule;
	}
	return NULL;
}

static bool path_is_told(const struct question *q, const char *escaped)
{
	const struct fact *facts;
	size_t count = model_facts(q->model, FACT_FILE, &facts), i;

	for (i = 0; i < count; i++)
		if (workload_is(&facts[i], q->group) && !strcmp(facts[i].file.path, escaped))
			return true;
	return false;
}

static int profile_make(const struct question *q, struct aa_file *ret, struct err *err)
{
	_cleanup_free_ char *text = NULL;
	struct emit_options silent = *q->options;
	size_t size;
	FILE *out = xmemstream(&text, &size);
	int r;

	silent.workload = q->group;
	silent.warn = NULL;
	r = apparmor_emit(q->model, &silent, out, err);
	fclose(out);
	return r ? r : aa_file_parse("the profile", text, size, NULL, ret, err);
}

static int group_explain(const struct question *of, bool *ret_in, struct err *err)
{
	_cleanup_aa_file_ struct aa_file file = {};
	_cleanup_free_ char *directory = xasprintf("%s/", of->word), *escaped = NULL;
	struct question q = *of;
	bool seen;
	int r = profile_make(&q, &file, err);

	if (r)
		return r;
	escaped = text_escape(directory, strlen(directory));
	if (q.path && !path_is_told(&q, q.escaped)) {
		if (path_is_told(&q, escaped)) {
			fputs("a directory: ", q.out);
			shown_print(escaped, q.out);
			fputc('\n', q.out);
			q.path = directory;
			q.escaped = escaped;
		} else {
			q.own = rule_find(&file, q.word);
		}
	}
	if (q.is_rule)
		q.own = rule_find(&file, q.word);
	if (q.path || q.own)
		files_print(&q);
	seen = lines_print(&q);
	if (q.path)
		operations_print(&q);
	else if (!q.is_rule)
		capabilities_print(&q);
	seen |= lines_print(&q);
	*ret_in |= rules_print_of(&q, &file, seen);
	return 0;
}

/* Words that no call, path or capability is: a rule, as a profile has it. One that begins with a slash
 * may be a path. */
static bool is_rule(const char *word)
{
	return *word != '/' && strpbrk(word, " \t,@\"");
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
	return *word == '/' || is_rule(word);
}

int explain_rules_emit(const struct model *model, const struct emit_options *options,
		       const char *word, FILE *out, bool *ret_in, struct err *err)
{
	_cleanup_free_ char *escaped = text_escape(word, strlen(word)), *chosen = NULL;
	struct question q = {.model = model,
			     .options = options,
			     .word = word,
			     .path = *word == '/' ? word : NULL,
			     .is_rule = is_rule(word),
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
		if (groups.count > 1) {
			fputs(i ? "\nworkload " : "workload ", out);
			shown_print(q.group, out);
			fputc('\n', out);
		}
		r = group_explain(&q, ret_in, err);
	}
	return r;
}
