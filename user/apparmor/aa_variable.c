/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Variables of profiles, @{NAME}: what they are given, and what a text with them comes to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aa_internal.h"

#define DEPTH_MAX  16  /* of values with variables */
#define VALUES_MAX 512 /* that one text may have */

static struct aa_variable *variable_find(const struct aa_file *file, const char *name, size_t size)
{
	size_t i;

	for (i = 0; i < file->variable_count; i++)
		if (!strncmp(file->variables[i].name, name, size) && !file->variables[i].name[size])
			return &file->variables[i];
	return NULL;
}

static void values_drop(struct aa_variable *variable)
{
	size_t i;

	for (i = 0; i < variable->count; i++)
		free(variable->values[i]);
	variable->count = 0;
}

bool aa_variable_assign(struct aa_file *file, const char *text, size_t size)
{
	_cleanup_free_ char *line = xstrndup(text, size);
	_cleanup_aa_words_ struct aa_words words = {};
	char *end = strchr(line, '}'), *sign;
	struct aa_variable *variable;
	bool adds;
	size_t i;

	if (!end || end - line < 3)
		return false;
	sign = end + 1 + strspn(end + 1, " \t");
	adds = *sign == '+';
	sign += adds ? 2 : 1;
	variable = variable_find(file, line + 2, (size_t)(end - line) - 2);
	if (!variable) {
		file->variables = xrealloc(file->variables, file->variable_count + 1,
					   sizeof(*file->variables));
		variable = &file->variables[file->variable_count++];
		*variable =
			(struct aa_variable){.name = xstrndup(line + 2, (size_t)(end - line) - 2)};
	} else if (!adds) {
		values_drop(variable);
	}
	aa_words_cut(sign, strlen(sign), &words);
	variable->values = xrealloc(variable->values, variable->count + words.count,
				    sizeof(*variable->values));
	for (i = 0; i < words.count; i++)
		variable->values[variable->count++] = aa_unquote(words.list[i]);
	return true;
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

	if (to->count == VALUES_MAX || depth == DEPTH_MAX || strlen(text) > AA_PATTERN_MAX)
		return err_set(err, -E2BIG, "its variables have too many values");
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

int aa_variables_expand(const struct aa_file *file, size_t profile, const char *text, char ***ret,
			size_t *ret_count, struct err *err)
{
	struct expansion to = {.file = file, .profile = profile};
	int r = expand(&to, text, 0, err);

	if (r) {
		aa_values_free(to.list, to.count);
		return r;
	}
	*ret = to.list;
	*ret_count = to.count;
	return 0;
}

/* What the patterns of a file may come to: hostile variables make a short rule a long one. */
#define BUDGET (16u << 20)

/* Takes what it costs from *budget, bytes and a share for each pattern. */
static void rule_globs_make(const struct aa_file *file, struct aa_rule *rule, size_t *budget)
{
	char **list = NULL;
	size_t count = 0, i, cost;
	struct err err = {};
	int r = aa_variables_expand(file, rule->profile, rule->path, &list, &count, &err);

	rule->globs = xcalloc(count, sizeof(struct aa_glob *));
	for (i = 0; i < count && !r; i++) {
		cost = strlen(list[i]) + 64;
		if (cost > *budget)
			r = err_set(&err, -E2BIG, "the file's variables have too many values");
		else
			r = aa_glob_make(list[i], &rule->globs[rule->glob_count], &err);
		*budget -= r ? 0 : cost;
		rule->glob_count += !r;
	}
	aa_values_free(list, count);
	if (r)
		rule->trouble = xstrdup(err.text);
}

void aa_globs_make(struct aa_file *file)
{
	size_t budget = BUDGET, i;

	for (i = 0; i < file->rule_count; i++)
		if (file->rules[i].path)
			rule_globs_make(file, &file->rules[i], &budget);
}
