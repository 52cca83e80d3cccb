/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Differences as lines for people, or as JSON. Finds none itself. */
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "model/json.h"
#include "model/text.h"

#define SHOWN_MAX 8 /* alternatives and executables in a line */

static const char *const words[DIFF_KINDS] = {
	[DIFF_DEFAULT] = "default",
	[DIFF_FLAGS] = "flags",
	[DIFF_ARCH_ADDED] = "architecture added",
	[DIFF_ARCH_REMOVED] = "architecture removed",
	[DIFF_EXECUTABLE_ADDED] = "executable added",
	[DIFF_EXECUTABLE_REMOVED] = "executable removed",
	[DIFF_ADDED] = "added",
	[DIFF_REMOVED] = "removed",
	[DIFF_WIDENED] = "widened",
	[DIFF_NARROWED] = "narrowed",
	[DIFF_CHANGED] = "changed",
	[DIFF_ANSWER] = "answer",
};

static char *flags_text(unsigned int flags)
{
	static const char *const names[] = {"TSYNC", "LOG", "SPEC_ALLOW", "WAIT_KILLABLE_RECV"};
	char *text = xstrdup(flags ? "" : "none"), *longer;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(flags & 1u << i))
			continue;
		longer = xasprintf("%s%s%s", text, *text ? " " : "", names[i]);
		free(text);
		text = longer;
	}
	return text;
}

/* ---- for people ------------------------------------------------------------------------------ */

/* Those of `grant` that are not in `other`, or all of them where that is NULL. */
static void alternatives_print(const struct grant *grant, const struct grant *other, FILE *out)
{
	size_t i, shown = 0, more = 0;

	for (i = 0; i < grant->count; i++) {
		struct grant one = {GRANT_SOME, &grant->list[i], 1};

		if (other && grant_implies(&one, other))
			continue;
		if (shown == SHOWN_MAX) {
			more++;
			continue;
		}
		fputs(shown++ ? ", or " : "", out);
		alternative_print(&grant->list[i], out);
	}
	if (more)
		fprintf(out, ", or %zu more", more);
}

static void grant_print(const struct grant *grant, FILE *out)
{
	switch (grant->kind) {
	case GRANT_NONE:
		fputs("refused", out);
		break;
	case GRANT_ALL:
		fputs("whatever its arguments are", out);
		break;
	case GRANT_SOME:
		fputs("where ", out);
		alternatives_print(grant, NULL, out);
		break;
	case GRANT_ALL_BUT:
		fputs("but not where ", out);
		alternatives_print(grant, NULL, out);
		break;
	}
}

static void arguments_print(const struct difference *found, FILE *out)
{
	bool are_lists = found->before.kind == GRANT_SOME && found->after.kind == GRANT_SOME;

	if (are_lists && found->kind != DIFF_WIDENED) {
		fputs(", no longer where ", out);
		alternatives_print(&found->before, &found->after, out);
	}
	if (are_lists && found->kind != DIFF_NARROWED) {
		fputs(found->kind == DIFF_CHANGED ? "; now also where " : ", now also where ", out);
		alternatives_print(&found->after, &found->before, out);
	}
	if (are_lists)
		return;
	fputs(", was ", out);
	grant_print(&found->before, out);
	fputs("; now ", out);
	grant_print(&found->after, out);
}

static void callers_print(const struct names *callers, FILE *out)
{
	size_t i;

	for (i = 0; i < callers->count && i < SHOWN_MAX; i++) {
		_cleanup_free_ char *shown = text_printable(callers->list[i]);

		fprintf(out, "%s%s", i ? ", " : " (called by ", shown);
	}
	if (i < callers->count)
		fprintf(out, " and %zu more", callers->count - i);
	fputs(i ? ")" : "", out);
}

static void call_print(const struct difference *found, FILE *out)
{
	const struct grant *grant = found->kind == DIFF_ADDED ? &found->after : &found->before;
	_cleanup_free_ char *before = NULL, *after = NULL;

	switch (found->kind) {
	case DIFF_ADDED:
	case DIFF_REMOVED:
		if (grant->kind != GRANT_ALL) {
			fputc(' ', out);
			grant_print(grant, out);
		}
		if (found->is_logged)
			fprintf(out, ", %s logged by default",
				found->kind == DIFF_ADDED ? "now" : "was");
		break;
	case DIFF_ANSWER:
		before = answer_text(found->answer_before.action, found->answer_before.errnum);
		after = answer_text(found->answer_after.action, found->answer_after.errnum);
		if (found->arguments)
			fputs(" where ", out);
		if (found->arguments)
			alternative_print(found->arguments, out);
		fprintf(out, " was %s, now %s", before, after);
		break;
	default:
		arguments_print(found, out);
	}
	callers_print(&found->callers, out);
}

static void defaults_print(const struct diff *diff, const struct difference *found, FILE *out)
{
	const struct policy_defaults *a = diff->a->defaults, *b = diff->b->defaults;
	_cleanup_free_ char *before = NULL, *after = NULL;

	if (found->kind == DIFF_FLAGS) {
		before = flags_text(a->flags);
		after = flags_text(b->flags);
	} else {
		before = answer_text(a->action, a->errnum);
		after = answer_text(b->action, b->errnum);
	}
	fprintf(out, "was %s, now %s", before, after);
}

void diff_print(const struct diff *diff, FILE *out)
{
	const struct difference *found;
	size_t i;

	for (i = 0; i < diff->count; i++) {
		found = &diff->list[i];
		fprintf(out, "%s: ", words[found->kind]);
		if (found->name) {
			_cleanup_free_ char *shown = text_printable(found->name);

			fputs(shown, out);
			if (found->kind >= DIFF_ADDED)
				call_print(found, out);
		} else {
			defaults_print(diff, found, out);
		}
		fputc('\n', out);
	}
}

/* ---- for programs ---------------------------------------------------------------------------- */

/* Strings as recordings have them: escaped (model/text.h). */
static void member_print(const char *key, const char *escaped, FILE *out)
{
	fprintf(out, ",\"%s\":", key);
	json_text_print(escaped, out);
}

/* Only the names of executables come from a recording, where they are escaped already. */
static void name_print(const struct difference *found, FILE *out)
{
	_cleanup_free_ char *escaped = text_escape(found->name, strlen(found->name));
	bool is_escaped =
		found->kind == DIFF_EXECUTABLE_ADDED || found->kind == DIFF_EXECUTABLE_REMOVED;

	member_print("name", is_escaped ? found->name : escaped, out);
}

/* "none", "any", or {"where":[...]} and {"not where":[...]} with a text for each alternative. */
static void grant_print_json(const char *key, const struct grant *grant, FILE *out)
{
	size_t i;

	if (grant->kind == GRANT_NONE || grant->kind == GRANT_ALL) {
		member_print(key, grant->kind == GRANT_ALL ? "any" : "none", out);
		return;
	}
	fprintf(out, ",\"%s\":{\"%s\":[", key, grant->kind == GRANT_SOME ? "where" : "not where");
	for (i = 0; i < grant->count; i++) {
		fputs(i ? ",\"" : "\"", out);
		alternative_print(&grant->list[i], out);
		fputc('"', out);
	}
	fputs("]}", out);
}

static void pair_print(char *before, char *after, FILE *out)
{
	member_print("before", before, out);
	member_print("after", after, out);
	free(before);
	free(after);
}

static void answers_print_json(const struct difference *found, FILE *out)
{
	if (found->arguments) {
		fputs(",\"where\":[\"", out);
		alternative_print(found->arguments, out);
		fputs("\"]", out);
	}
	pair_print(answer_text(found->answer_before.action, found->answer_before.errnum),
		   answer_text(found->answer_after.action, found->answer_after.errnum), out);
}

static void difference_print_json(const struct diff *diff, const struct difference *found,
				  FILE *out)
{
	const struct policy_defaults *a = diff->a->defaults, *b = diff->b->defaults;
	size_t i;

	fprintf(out, "{\"what\":\"%s\",\"new\":%s", words[found->kind],
		found->is_new ? "true" : "false");
	if (found->name)
		name_print(found, out);
	if (found->kind == DIFF_DEFAULT)
		pair_print(answer_text(a->action, a->errnum), answer_text(b->action, b->errnum),
			   out);
	else if (found->kind == DIFF_FLAGS)
		pair_print(flags_text(a->flags), flags_text(b->flags), out);
	else if (found->kind == DIFF_ANSWER)
		answers_print_json(found, out);
	if (found->kind >= DIFF_ADDED && found->kind != DIFF_ANSWER) {
		grant_print_json("before", &found->before, out);
		grant_print_json("after", &found->after, out);
		if (found->is_logged)
			fputs(",\"logged\":true", out);
		fputs(",\"callers\":[", out);
		for (i = 0; i < found->callers.count; i++) {
			fputs(i ? "," : "", out);
			json_text_print(found->callers.list[i], out);
		}
		fputc(']', out);
	}
	fputc('}', out);
}

void diff_print_json(const struct diff *diff, FILE *out)
{
	size_t i;

	fprintf(out, "{\"new\":%s,\"differences\":[", diff_has_new(diff) ? "true" : "false");
	for (i = 0; i < diff->count; i++) {
		fputs(i ? ",\n" : "\n", out);
		difference_print_json(diff, &diff->list[i], out);
	}
	fputs(diff->count ? "\n]}\n" : "]}\n", out);
}
