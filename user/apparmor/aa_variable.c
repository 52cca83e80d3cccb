/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Variables of profiles, @{NAME}: what they are given, and what a text with them comes to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aa_internal.h"

#define DEPTH_MAX     16  /* of values with variables */
#define VALUES_MAX    512 /* that one text may have */
#define VARIABLES_MAX 10000
#define EXPAND_STEPS  100 /* of one text, beside its bytes */

/* Where the variable is, or belongs. */
static size_t variable_place(const struct aa_file *file, const char *name, size_t size)
{
	size_t low = 0, high = file->variable_count, middle;

	while (low < high) {
		const char *there = file->variables[middle = low + (high - low) / 2].name;
		int order = strncmp(there, name, size);

		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* NULL: there is none. */
static struct aa_variable *variable_find(const struct aa_file *file, const char *name, size_t size)
{
	size_t place = variable_place(file, name, size);

	if (place == file->variable_count || strncmp(file->variables[place].name, name, size) ||
	    file->variables[place].name[size])
		return NULL;
	return &file->variables[place];
}

static struct aa_variable *variable_add(struct aa_file *file, const char *name, size_t size)
{
	size_t place = variable_place(file, name, size);
	struct aa_variable *variable;

	if (file->variable_count == file->variable_room) {
		file->variable_room = file->variable_room ? file->variable_room * 2 : 64;
		file->variables =
			xrealloc(file->variables, file->variable_room, sizeof(*file->variables));
	}
	variable = file->variables + place;
	memmove(variable + 1, variable, (file->variable_count++ - place) * sizeof(*variable));
	*variable = (struct aa_variable){.name = xstrndup(name, size)};
	return variable;
}

static void values_drop(struct aa_variable *variable)
{
	size_t i;

	for (i = 0; i < variable->count; i++)
		free(variable->values[i]);
	variable->count = 0;
}

int aa_variable_assign(struct aa_file *file, const char *text, size_t size, struct err *err)
{
	_cleanup_free_ char *line = xstrndup(text, size);
	_cleanup_aa_words_ struct aa_words words = {};
	char *end = strchr(line, '}'), *sign;
	struct aa_variable *variable;
	bool adds;
	size_t i;

	if (!end || end - line < 3)
		return err_set(err, -EINVAL, "an assignment to no variable");
	sign = end + 1 + strspn(end + 1, " \t");
	adds = *sign == '+';
	sign += adds ? 2 : 1;
	size = (size_t)(end - line) - 2;
	aa_words_cut(sign, strlen(sign), &words);
	/* apparmor_parser takes none either. */
	if (!words.count)
		return err_set(err, -EINVAL, "a variable without a value");
	variable = variable_find(file, line + 2, size);
	if (!variable && file->variable_count == VARIABLES_MAX)
		return err_set(err, -EINVAL, "more than %d variables", VARIABLES_MAX);
	if (!variable)
		variable = variable_add(file, line + 2, size);
	else if (!adds)
		values_drop(variable);
	variable->values = xrealloc(variable->values, variable->count + words.count,
				    sizeof(*variable->values));
	for (i = 0; i < words.count; i++)
		variable->values[variable->count++] = aa_unquote(words.list[i]);
	return 0;
}

/* The first variable in the text; NULL: there is none. */
static const char *reference_find(const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' && text[1])
			text++;
		else if (*text == '@' && text[1] == '{' && strchr(text, '}'))
			return text;
	}
	return NULL;
}

struct expansion {
	const struct aa_file *file;
	const struct aa_rule *rule; /* whom it is for, or NULL */
	size_t profile;
	char **list;
	size_t count;
};

static int expand(struct expansion *to, const char *text, int depth, struct err *err)
{
	const char *start = reference_find(text), *end, *own = NULL;
	const struct aa_variable *variable;
	size_t i, size, count;
	int r = 0;

	/* Also those that come to nothing: empty values multiply, too. */
	if (!aa_work_take(to->file->work, to->rule, EXPAND_STEPS + strlen(text)))
		return err_set(err, -E2BIG, "the values of its variables take too many steps");
	if (to->count == VALUES_MAX)
		return err_set(err, -E2BIG, "its variables have more than %d values", VALUES_MAX);
	if (depth == DEPTH_MAX)
		return err_set(err, -E2BIG, "more than %d variables in one another", DEPTH_MAX);
	if (strlen(text) > AA_PATTERN_MAX)
		return err_set(err, -E2BIG, "with its variables it is longer than %d bytes",
			       AA_PATTERN_MAX);
	if (!start) {
		to->list = xrealloc(to->list, to->count + 1, sizeof(*to->list));
		to->list[to->count++] = xstrdup(text);
		return 0;
	}
	end = strchr(start, '}');
	size = (size_t)(end - start) - 2;
	variable = variable_find(to->file, start + 2, size);
	if (!variable && size == 12 && !memcmp(start + 2, "profile_name", 12) &&
	    to->profile != AA_NONE)
		own = to->file->profiles[to->profile].name;
	if (!variable && !own)
		return err_set(err, -ENOENT, "there is no variable @{%.*s}", (int)size, start + 2);
	count = own ? 1 : variable->count;
	for (i = 0; i < count && !r; i++) {
		_cleanup_free_ char *next = xasprintf("%.*s%s%s", (int)(start - text), text,
						      own ? own : variable->values[i], end + 1);

		r = expand(to, next, depth + 1, err);
	}
	return r;
}

void aa_values_free(char **list, size_t count)
{
	while (count--)
		free(list[count]);
	free(list);
}

static int rule_expand(const struct aa_file *file, const struct aa_rule *rule, size_t profile,
		       const char *text, char ***ret, size_t *ret_count, struct err *err)
{
	struct expansion to = {.file = file, .rule = rule, .profile = profile};
	int r = expand(&to, text, 0, err);

	if (r) {
		aa_values_free(to.list, to.count);
		return r;
	}
	*ret = to.list;
	*ret_count = to.count;
	return 0;
}

int aa_variables_expand(const struct aa_file *file, size_t profile, const char *text, char ***ret,
			size_t *ret_count, struct err *err)
{
	return rule_expand(file, NULL, profile, text, ret, ret_count, err);
}

/* What the patterns of a file may come to: hostile variables make a short rule a long one. */
#define PATTERNS_MAX (16u << 20)

/* The globs of one rule; adds to *bytes, a share for each pattern as well. */
static void rule_globs_make(const struct aa_file *file, struct aa_rule *rule, size_t *bytes)
{
	char **list = NULL;
	size_t count = 0, i;
	struct err err = {};
	int r = rule_expand(file, rule, rule->profile, rule->path, &list, &count, &err);

	rule->globs = xcalloc(count, sizeof(struct aa_glob *));
	for (i = 0; i < count && !r && *bytes <= PATTERNS_MAX; i++) {
		*bytes += strlen(list[i]) + 64;
		r = aa_glob_make(list[i], &rule->globs[rule->glob_count], &err);
		rule->glob_count += !r;
	}
	aa_values_free(list, count);
	if (r)
		rule->trouble = xstrdup(err.text);
}

int aa_globs_make(struct aa_file *file, struct err *err)
{
	size_t bytes = 0, i;

	for (i = 0; i < file->rule_count; i++) {
		struct aa_rule *rule = &file->rules[i];

		if (!rule->path || rule->trouble)
			continue;
		rule_globs_make(file, rule, &bytes);
		if (bytes > PATTERNS_MAX)
			return err_set(err, -E2BIG,
				       "%s:%u: with the values of their variables the rules come "
				       "to more than %u MB",
				       rule->source ? rule->source : file->name, rule->line,
				       PATTERNS_MAX >> 20);
		if (!file->work->left)
			return aa_file_decided(file, err);
	}
	return 0;
}
