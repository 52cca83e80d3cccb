/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a rule goes in a profile that somebody wrote: behind the rule most like it, else in front of
 * the local include, else at the end. Never within another rule, a block or a comment.
 */
#include <string.h>

#include "apparmor_update.h"

#define WORDS "# added by leastcall update"

static bool is_own(const struct aa_rule *rule, size_t profile, enum aa_class class)
{
	return rule->profile == profile && rule->class == class && !rule->source &&
	       !rule->in_block && !rule->deny;
}

/* How many bytes of the directory both are in. */
static size_t shared(const char *a, const char *b)
{
	size_t i, slash = 0;

	for (i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			slash = i + 1;
	return slash;
}

/* The last of the rules that are most like it. */
static const struct aa_rule *neighbour_find(const struct aa_file *file, size_t profile,
					    const char *path, enum aa_class class)
{
	const struct aa_rule *best = NULL;
	size_t most = 0, size, i;

	for (i = 0; i < file->rule_count; i++) {
		const struct aa_rule *rule = &file->rules[i];

		if (!is_own(rule, profile, class))
			continue;
		size = path && rule->path ? shared(path, rule->path) : 0;
		if (best && size < most)
			continue;
		most = size;
		best = rule;
	}
	return best;
}

static size_t line_start(const struct aa_file *file, size_t at)
{
	while (at && file->text[at - 1] != '\n')
		at--;
	return at;
}

static size_t blank_end(const struct aa_file *file, size_t at)
{
	return at + strspn(file->text + at, " \t");
}

/* Nothing but a comment stands between here and the end of the line. */
static bool is_last_of_line(const struct aa_file *file, size_t at)
{
	at = blank_end(file, at);
	return !file->text[at] || strchr("#\r\n", file->text[at]);
}

static void indent_take(const struct aa_file *file, size_t at, struct update_rule *rule)
{
	size_t start = line_start(file, at);

	rule->indent = file->text + start;
	rule->indent_size = blank_end(file, start) - start;
}

static void behind_place(const struct aa_file *file, const struct aa_rule *other,
			 struct update_rule *rule)
{
	indent_take(file, other->start, rule);
	rule->at = other->end;
	rule->place = PLACE_INSIDE;
	if (!is_last_of_line(file, other->end))
		return;
	rule->at += strcspn(file->text + other->end, "\n");
	if (!file->text[rule->at])
		return;
	rule->at++;
	rule->place = PLACE_LINE;
}

/* The comment that stands over a line belongs to it. */
static size_t comments_skip(const struct aa_file *file, size_t start, size_t least)
{
	size_t above;

	while (start > least + 1) {
		above = line_start(file, start - 1);
		if (above < least || file->text[blank_end(file, above)] != '#' ||
		    !strncmp(file->text + blank_end(file, above), "#include", 8))
			break;
		start = above;
	}
	return start;
}

static void end_place(const struct aa_file *file, size_t profile, struct update_rule *rule)
{
	const struct aa_profile *own = &file->profiles[profile];
	size_t at = own->close, start, i;
	bool is_local = false;

	for (i = 0; i < file->include_count && !is_local; i++) {
		const struct aa_include *include = &file->includes[i];

		is_local = include->profile == profile && !include->source &&
			   !strncmp(include->path, "local/", 6);
		if (is_local)
			at = include->start;
	}
	start = line_start(file, at);
	if (start < own->open || blank_end(file, start) != at) {
		rule->at = at;
		rule->place = PLACE_INSIDE;
		return;
	}
	indent_take(file, at, rule);
	if (!is_local) { /* the brace's own are those of the line that opens it */
		rule->indent = NULL;
		rule->indent_size = at - start + 2;
	}
	rule->at = is_local ? comments_skip(file, start, own->open) : start;
	rule->place = is_local ? PLACE_LAST : PLACE_LINE;
}

void update_place(const struct aa_file *file, size_t profile, const char *path, uint64_t *left,
		  struct update_rule *rule)
{
	const struct aa_rule *other = aa_steps_take(left, file->rule_count + 1)
					      ? neighbour_find(file, profile, path, rule->class)
					      : NULL;

	if (other)
		behind_place(file, other, rule);
	else
		end_place(file, profile, rule);
}

static void rule_print(const struct update_rule *rule, bool is_first, bool is_last, FILE *out)
{
	if (rule->place == PLACE_INSIDE && is_first)
		fputc('\n', out);
	if (rule->indent)
		fprintf(out, "%.*s", (int)rule->indent_size, rule->indent);
	else
		fprintf(out, "%*s", (int)rule->indent_size, "");
	fprintf(out, "%s, %s%s%s\n", rule->text, WORDS, rule->remark ? ": " : "",
		rule->remark ? rule->remark : "");
	if (rule->place == PLACE_LAST && is_last)
		fputc('\n', out);
}

void update_print(const struct aa_file *file, const struct update *update, FILE *out)
{
	size_t at = 0, i;

	for (i = 0; i < update->count; i++) {
		const struct update_rule *rule = &update->rules[i];

		fwrite(file->text + at, 1, rule->at - at, out);
		at = rule->at;
		rule_print(rule, !i || rule[-1].at != at,
			   i + 1 == update->count || update->rules[i + 1].at != at, out);
	}
	fwrite(file->text + at, 1, file->size - at, out);
}
