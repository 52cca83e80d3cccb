/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * JSON with tabs and an entry a line; YAML 1.2 in block style with two blanks, its texts in double
 * quotes, which are JSON's, unless they are words that no reader takes for anything else. Keys are
 * ours: plain words.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/json.h"
#include "tree.h"

static void indent(const struct tree *tree)
{
	unsigned int i;

	for (i = 0; i < tree->depth; i++)
		fputs(tree->form == TREE_JSON ? "\t" : "  ", tree->out);
}

/* What stands before an entry: where it belongs, and its key. */
static void entry_begin(struct tree *tree, const char *key)
{
	FILE *out = tree->out;
	bool is_first = !tree->depth || !tree->open[tree->depth - 1].has_any;
	bool is_item = tree->depth && tree->open[tree->depth - 1].is_list;

	if (tree->depth)
		tree->open[tree->depth - 1].has_any = true;
	if (tree->form == TREE_JSON) {
		if (tree->depth)
			fputs(is_first ? "\n" : ",\n", out);
		indent(tree);
		if (key)
			fprintf(out, "\"%s\": ", key);
		return;
	}
	if (tree->depth && !tree->after_dash) {
		/* The document's own map is not indented. */
		tree->depth--;
		if (tree->depth || !is_first)
			fputc('\n', out);
		indent(tree);
		tree->depth++;
	}
	tree->after_dash = false;
	if (is_item)
		fputs("- ", out);
	if (key)
		fprintf(out, "%s:", key);
}

static void open_add(struct tree *tree, const char *key, bool is_list)
{
	bool is_item = tree->depth && tree->open[tree->depth - 1].is_list;

	if (tree->depth == TREE_DEPTH_MAX)
		abort();
	entry_begin(tree, key);
	if (tree->form == TREE_JSON)
		fputc(is_list ? '[' : '{', tree->out);
	/* A map in a list begins on its dash's line. */
	tree->after_dash = tree->form == TREE_YAML && is_item;
	tree->open[tree->depth].is_list = is_list;
	tree->open[tree->depth].has_any = false;
	tree->depth++;
}

void tree_map(struct tree *tree, const char *key)
{
	open_add(tree, key, false);
}

void tree_list(struct tree *tree, const char *key)
{
	open_add(tree, key, true);
}

void tree_end(struct tree *tree)
{
	bool is_list = tree->open[--tree->depth].is_list;

	if (tree->form == TREE_JSON) {
		fputc('\n', tree->out);
		indent(tree);
		fputc(is_list ? ']' : '}', tree->out);
	} else if (!tree->open[tree->depth].has_any) {
		fputs(tree->after_dash ? "" : " ", tree->out);
		fputs(is_list ? "[]" : "{}", tree->out);
		tree->after_dash = false;
	}
	if (!tree->depth)
		fputc('\n', tree->out);
}

/* Between "key:" and its value; a list's "- " has its blank. */
static void value_begin(struct tree *tree, const char *key)
{
	entry_begin(tree, key);
	if (tree->form == TREE_YAML && key)
		fputc(' ', tree->out);
}

/* Would every YAML reader take it for a text as it stands? 1.1 has these words, too. */
static bool is_plain(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char *const words[] = {"y",     "n",  "yes", "no",  "true",
					    "false", "on", "off", "null"};
	size_t i;

	if (!*text || !strchr(letters, *text) ||
	    text[strspn(text,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.-")])
		return false;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(text, words[i]))
			return false;
	return true;
}

void tree_text(struct tree *tree, const char *key, const char *text)
{
	value_begin(tree, key);
	if (tree->form == TREE_YAML && is_plain(text))
		fputs(text, tree->out);
	else
		json_text_print(text, tree->out);
}

void tree_number(struct tree *tree, const char *key, uint64_t number)
{
	value_begin(tree, key);
	fprintf(tree->out, "%llu", (unsigned long long)number);
}

void tree_bool(struct tree *tree, const char *key, bool value)
{
	value_begin(tree, key);
	fputs(value ? "true" : "false", tree->out);
}
